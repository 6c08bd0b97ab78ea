using MorningAI.Cli.Chaos.Ledger;

namespace MorningAI.Tests.Unit.Chaos;

public sealed class MembershipJudgeTests
{
    [Fact]
    public void Clusters_AllSeeTheSame_IsOne() => Assert.Equal(1, MembershipJudge.Clusters(Three().Read()));

    [Fact]
    public void Clusters_TwoSeeEachOtherAndOneItselfOnly_AreTwo() =>
        Assert.Equal(2, MembershipJudge.Clusters(Three().Sees("a", 10, "a", "b").Sees("b", 10, "a", "b").Sees("c", 10, "c").Read()));

    [Fact]
    public void Clusters_OnlyTheLastViewCounts() =>
        Assert.Equal(1, MembershipJudge.Clusters(Three().Sees("c", 10, "c").Sees("c", 12, "a", "b", "c").Read()));

    [Fact]
    public void Clusters_SilentSilo_IsInNoneOfTheOthers() =>
        Assert.Equal(2, MembershipJudge.Clusters(Three().SaysNothing("c", 20).Read()));

    [Fact]
    public void Clusters_SiloThatLeft_IsNotAsked() =>
        Assert.Equal(1, MembershipJudge.Clusters(Three().Sees("a", 21, "a", "b").Sees("b", 21, "a", "b").SaysNothing("c", 20).Happened(22, "silo-left c").Read()));

    [Fact]
    public void Detections_AllOthersShowItDead_IsUntilTheLast()
    {
        var ledger = Three().Happened(10, "silo-killed c 3").Sees("a", 14, "a", "b").Sees("b", 16.5, "a", "b");

        Assert.Equal(TimeSpan.FromSeconds(6.5), Assert.Single(MembershipJudge.Detections(ledger.Read())).Detected);
    }

    [Fact]
    public void Detections_OneNeverShowsIt_IsNever() =>
        Assert.Null(Assert.Single(MembershipJudge.Detections(Three().Happened(10, "silo-paused c 3").Sees("a", 14, "a", "b").Read())).Detected);

    [Fact]
    public void Detections_OneThatHasLeft_IsNotAsked() =>
        Assert.Equal(TimeSpan.FromSeconds(4), Assert.Single(MembershipJudge.Detections(Three().Happened(9, "silo-left b").Happened(10, "silo-killed c 3").Sees("a", 14, "a", "b").Read())).Detected);

    [Fact]
    public void Detections_NobodyElseThere_IsNone() =>
        Assert.Empty(MembershipJudge.Detections(new HandWritten(("a", 1)).Happened(10, "silo-killed a 1").Read()));

    [Theory]
    [InlineData(19, 1, false)]
    [InlineData(21, 1, true)]
    [InlineData(21, 2, false)]
    public void Judge_DeathNoticedAtSecond_FailsAfterTenTimesTheSlack(double noticed, double slack, bool fails)
    {
        var ledger = Three().Happened(10, "silo-killed c 3").Sees("a", 12, "a", "b").Sees("b", noticed, "a", "b");
        var found = LedgerJudge.Judge(ledger.Read(), Promises.OfSiloDeath.Slower(slack));

        Assert.Equal(noticed - 10, found.SecondsToDetect!.Value, 3);
        Assert.Equal(fails, found.Failures.Any(f => f.Contains("Silo c's death was known to all others", StringComparison.Ordinal)));
    }

    [Fact]
    public void Judge_DeathInAnOutage_MayGoUnnoticed()
    {
        var found = LedgerJudge.Judge(Three().Happened(9, "redis-down").Happened(10, "silo-killed c 3").Read(), Promises.OfSiloDeathInOutage);

        Assert.Null(found.SecondsToDetect);
        Assert.DoesNotContain(found.Failures, f => f.Contains("death was known", StringComparison.Ordinal));
    }

    private static HandWritten Three() => new(("a", 1), ("b", 2), ("c", 3));
}
