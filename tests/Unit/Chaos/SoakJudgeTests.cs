using MorningAI.Cli.Chaos.Soak;

namespace MorningAI.Tests.Unit.Chaos;

public sealed class SoakJudgeTests
{
    [Fact]
    public void Judge_FewerMomentsThanQuarters_SaysNothing() =>
        Assert.Null(SoakJudge.Judge([.. Enumerable.Range(0, 3).Select(m => Silo(m, resident: 1))], HandWritten.OfAGoodRun().Read()));

    [Fact]
    public void Judge_TwoSilosThatGrow_ComparesTheMediansOfTheQuarters()
    {
        // Eight moments: the first quarter is 0 and 1, the last 6 and 7.
        var samples = Enumerable.Range(0, 8).SelectMany(m => new[] { Silo(m, resident: 100 + m), Silo(m, "silo-2", resident: 200 + m) });

        var found = SoakJudge.Judge([.. samples], HandWritten.OfAGoodRun().Read())!;

        Assert.Equal(8, found.Moments);
        Assert.Equal(new SoakFigure(150.5, 156.5, 1.04), found.ResidentBytes);
    }

    [Fact]
    public void Judge_RedisBesideSilos_IsCountedForItsOwnFiguresOnly()
    {
        var samples = Enumerable.Range(0, 4).SelectMany(m => new[]
        {
            Silo(m, resident: 100),
            new Sample(m, Sample.Redis, 9) { ResidentBytes = 1_000_000, RedisKeys = 50 * (m + 1), RedisMemoryBytes = 7 },
        });

        var found = SoakJudge.Judge([.. samples], HandWritten.OfAGoodRun().Read())!;

        Assert.Equal(new SoakFigure(100, 100, 1), found.ResidentBytes);
        Assert.Equal(new SoakFigure(50, 200, 4), found.RedisKeys);
        Assert.Equal(new SoakFigure(7, 7, 1), found.RedisMemoryBytes);
    }

    [Fact]
    public void Judge_SiloDidNotAnswerInAQuarter_LeavesThatFigureOut()
    {
        var found = SoakJudge.Judge([.. Enumerable.Range(0, 4).Select(m => Silo(m, resident: 100) with { Timers = m == 3 ? null : 5 })], HandWritten.OfAGoodRun().Read())!;

        Assert.Null(found.Timers);
        Assert.NotNull(found.ResidentBytes);
    }

    [Fact]
    public void Of_FirstIsNothing_HasNoRatio() => Assert.Equal(new SoakFigure(0, 5, null), SoakFigure.Of(0, 5));

    /// <summary>Sampled from second 10 to 25: quarters end at 13.75, and begin at 21.25.</summary>
    [Fact]
    public void Judge_SeveralFaults_CountsSubmitsThatNoneFellOn()
    {
        var ledger = new HandWritten(("silo-1", 100))
            .Happened(11, "fault-began redis-kill").Happened(12, "fault-ended redis-kill")
            .Happened(22, "fault-began silo-kill").Happened(23, "fault-ended silo-kill");
        Submit(ledger, "calm", 10.5, 0.010);
        Submit(ledger, "in-a-fault", 11.5, 5);
        Submit(ledger, "into-a-fault", 10.9, 0.2);
        Submit(ledger, "aftermath", 12.9, 5);
        Submit(ledger, "too-early-for-the-last-quarter", 20, 5);
        Submit(ledger, "calm-at-the-end", 24.2, 0.012);

        var found = SoakJudge.Judge([.. Enumerable.Range(0, 4).Select(m => Silo(m, resident: 1))], ledger.Read())!;

        Assert.Equal(new SoakFigure(10, 12, 1.2), found.SubmitP99Ms);
    }

    [Fact]
    public void Judge_OneFaultForAllOfIt_HasNoCalmStart()
    {
        var ledger = HandWritten.OfAGoodRun();
        Submit(ledger, "late", 24, 0.01);

        Assert.Null(SoakJudge.Judge([.. Enumerable.Range(0, 4).Select(m => Silo(m, resident: 1))], ledger.Read())!.SubmitP99Ms);
    }

    private static void Submit(HandWritten ledger, string task, double at, double takes) => ledger.Submitted(task, at).Acknowledged(task, at + takes);

    private static Sample Silo(double seconds, string name = "silo-1", long? resident = null) => new(seconds, name, 1) { ResidentBytes = resident };
}
