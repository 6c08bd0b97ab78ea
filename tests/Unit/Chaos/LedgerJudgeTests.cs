using MorningAI.Cli.Chaos;
using MorningAI.Cli.Chaos.Faults;
using MorningAI.Cli.Chaos.Ledger;

namespace MorningAI.Tests.Unit.Chaos;

public sealed class LedgerJudgeTests
{
    private static readonly ChaosSettings Settings = new() { Fault = "redis-kill" };

    [Fact]
    public void Judge_GoodRun_FindsNothing()
    {
        var found = Judge(HandWritten.OfAGoodRun());

        Assert.Empty(found.Failures);
        Assert.Equal((16, 16, 16, 0), (found.Submitted, found.Acknowledged, found.Completed, found.Lost));
        Assert.Equal(1, found.OkDuringFault);
        Assert.Equal(1, found.ThroughputDuringFault!.Value, 3);
        Assert.Equal(10, found.SubmitP99MsDuringFault!.Value, 3);
        Assert.Equal(0.26, found.SecondsToResume!.Value, 3);
        Assert.True(Report(found, happened: 1).Passed);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("unreadable")]
    [InlineData("queued")]
    [InlineData("dead")]
    public void Judge_AcknowledgedAndInTheEndInAnyStateButSucceeded_IsLost(string state)
    {
        var found = Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.1).FinallyInState("x", state));

        Assert.Equal(1, found.Lost);
        AssertFails(found, "did not finish, as x");
    }

    [Fact]
    public void Judge_AcknowledgedAndNeverAskedFor_IsLost() =>
        Assert.Equal(1, Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.1)).Lost);

    [Fact]
    public void Judge_SaidToHaveSucceededAndNeverRun_IsLost() =>
        Assert.Equal(1, Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.1).Finally("x", "e", 8)).Lost);

    [Fact]
    public void Judge_BegunAgainAfterItWasSeenFinished_IsExecutedAgain()
    {
        var found = Judge(HandWritten.OfAGoodRun().GoodTask("x", 7).Seen("x", "a-x", 7.1).Executed("x", 7.2, 7.3, "b"));

        Assert.Equal(1, found.ExecutedAgainAfterCompletion);
        AssertFails(found, "ran again after completion, as x");
    }

    [Fact]
    public void Judge_BegunAgainAndItsResultTakenInPlaceOfAFinishedOnes_IsExecutedAgain()
    {
        var ledger = HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.01)
            .Executed("x", 7.02, 7.05, "a").Seen("x", "a", 7.1)
            .Executed("x", 21, 21.5, "b", attempt: 2).Finally("x", "b", 21.6, attempt: 2);

        Assert.Equal(1, Judge(ledger).ExecutedAgainAfterCompletion);
    }

    [Fact]
    public void Judge_RetriedAfterItsSiloDied_IsNoBreach()
    {
        var found = Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.01)
            .Executed("x", 7.02, null, "a").Happened(10, "silo-killed silo-1 100")
            .Executed("x", 14, 14.5, "b", attempt: 2, process: 200).Finally("x", "b", 14.6, attempt: 2));

        Assert.Empty(found.Failures);
        Assert.Equal(4, found.SecondsToRerun!.Value, 3);
    }

    [Fact]
    public void Judge_RetriedLateAfterItsSiloDied_NamesTheTaskAndItsExecutions()
    {
        var ledger = HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.01)
            .Executed("x", 7.02, null, "a").Happened(10, "silo-killed silo-1 100")
            .Executed("x", 24, 24.5, "b", attempt: 2, process: 200).Finally("x", "b", 24.6, attempt: 2);

        AssertFails(LedgerJudge.Judge(ledger.Read(), Promises.OfSiloDeath), "14.00 s after its death; promised are 10 s. The slowest was x: attempt 1 in silo-1 at -2.98 s, attempt 2 in");
        Assert.Empty(LedgerJudge.Judge(ledger.Read(), Promises.OfSiloDeath.Slower(2)).Failures);
    }

    [Fact]
    public void Judge_ResultOfAnEarlierExecutionThanTheLast_IsStale()
    {
        // The first one was given up and a second begun; then the first one's result was taken.
        var found = Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.01)
            .Executed("x", 7.02, 9, "a").Executed("x", 8, 12, "b", attempt: 2).Finally("x", "a", 9.1, attempt: 2));

        Assert.Equal(1, found.StaleCompletionsAccepted);
        AssertFails(found, "not the last one begun, as x");
    }

    [Fact]
    public void Judge_ADeadSiloBeganItLast_TheResultOfTheLivingIsNotStale()
    {
        const string called = "silo-2 at-silo-2 at-silo-1=dead,at-silo-2=active";
        HandWritten Ledger() => HandWritten.OfAGoodRun().Happened(1, "silo-started silo-2 200").Submitted("x", 7).Acknowledged("x", 7.01)
            .Executed("x", 9, 9.5, "a", process: 200).Executed("x", 9.1, null, "b").Finally("x", "a", 9.6);

        Assert.Equal(0, Judge(Ledger().Happened(8, $"members {called}")).StaleCompletionsAccepted);
        Assert.Equal(1, Judge(Ledger().Happened(9.2, $"members {called}")).StaleCompletionsAccepted);
        // It stood still since before, and nobody had looked yet.
        Assert.Equal(0, Judge(Ledger().Happened(3, "silo-paused silo-1 100").Happened(9.2, $"members {called}")).StaleCompletionsAccepted);
    }

    /// <summary>Its silo was called dead between the two, and its second one is the last that was begun by anybody.</summary>
    [Fact]
    public void Judge_ADeadSiloBeganItAgain_ItsResultIsNotStale()
    {
        var ledger = HandWritten.OfAGoodRun().Happened(1, "silo-started silo-2 200").Submitted("x", 7).Acknowledged("x", 7.01)
            .Executed("x", 7.02, null, "a").Executed("x", 9, 9.5, "b", attempt: 2).Finally("x", "b", 9.6, attempt: 2)
            .Happened(8, "members silo-2 at-silo-2 at-silo-1=dead,at-silo-2=active");

        Assert.Equal(0, Judge(ledger).StaleCompletionsAccepted);
    }

    [Fact]
    public void Judge_ResultThatNoExecutionHas_IsStale() =>
        Assert.Equal(1, Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.01).Executed("x", 7.02, 7.1, "a").Finally("x", "z", 7.2)).StaleCompletionsAccepted);

    [Fact]
    public void Judge_StepRunAgainAfterItWasKept_IsRepeated()
    {
        var found = Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.01)
            .Executed("x", 7.02, null, "a").Step("step-began", "x", 7.1, "a").Step("step-kept", "x", 7.2, "a")
            .Executed("x", 9, 9.5, "b", attempt: 2).Step("step-began", "x", 9.1, "b", attempt: 2).Finally("x", "b", 9.6, attempt: 2));

        Assert.Equal(1, found.StepsRepeated);
        AssertFails(found, "repeated a step whose result was kept, as x");
    }

    [Fact]
    public void Judge_StepRunAgainThatWasNotKept_IsNoBreach() =>
        Assert.Empty(Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Acknowledged("x", 7.01)
            .Executed("x", 7.02, null, "a").Step("step-began", "x", 7.1, "a")
            .Executed("x", 9, 9.5, "b", attempt: 2).Step("step-began", "x", 9.1, "b", attempt: 2).Step("step-kept", "x", 9.2, "b", attempt: 2)
            .Finally("x", "b", 9.6, attempt: 2)).Failures);

    [Fact]
    public void Judge_RefusedAndRan_IsABreach()
    {
        var found = Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Refused("x", 7.1).Executed("x", 7.2, 7.3, "a").FinallyInState("x", "missing"));

        Assert.Equal(1, found.RefusedAndRan);
        AssertFails(found, "yet exist or ran, as x");
    }

    [Fact]
    public void Judge_RefusedAndExists_IsABreach() =>
        Assert.Equal(1, Judge(HandWritten.OfAGoodRun().Submitted("x", 7).Refused("x", 7.1).FinallyInState("x", "queued")).RefusedAndRan);

    [Fact]
    public void Judge_NothingDoneDuringTheFault_MissesThePromises()
    {
        var ledger = new HandWritten(("silo-1", 100)).GoodTask("before", HandWritten.Before).GoodTask("after", HandWritten.After, via: "silo-1");
        foreach (var task in new[] { "x", "y" })
            ledger.Submitted(task, HandWritten.During).Acknowledged(task, HandWritten.Healed + 1).Executed(task, 21.1, 21.2, task).Finally(task, task, 21.3);
        var found = Judge(ledger);

        Assert.Equal(0, found.Lost);
        AssertFails(found, "0 % were acknowledged while it lasted");
        AssertFails(found, "Throughput during the fault was 0 % of normal");
        AssertFails(found, "within 9000 ms; promised are 1000 ms");
    }

    [Fact]
    public void Judge_ASiloThatFinishesNothingFresh_HasNotResumed()
    {
        var ledger = new HandWritten(("silo-1", 100), ("silo-2", 200)).GoodTask("before", HandWritten.Before).GoodTask("during", HandWritten.During).GoodTask("after", HandWritten.After, via: "silo-1");

        AssertFails(Judge(ledger), "never after the heal");
    }

    [Fact]
    public void Judge_TwoClusters_IsABreach() =>
        AssertFails(Judge(HandWritten.OfAGoodRun().Happened(24, "silo-started silo-2 200").Sees("silo-1", 28, "silo-1").Sees("silo-2", 28, "silo-2")), "see 2 clusters in the end, not one");

    [Fact]
    public void Judge_ReminderMissedOrDoubled_IsABreach()
    {
        var found = Judge(HandWritten.OfAGoodRun().WithoutReminders().Registered("witness", 15).Ticked("witness", 0).Ticked("witness", 0));

        AssertFails(found, "2 of 3 due times had no tick");
        AssertFails(found, "1 due times had two ticks");
    }

    [Fact]
    public void Judge_NoReminderDue_ProvesNothing() => AssertFails(Judge(HandWritten.OfAGoodRun().WithoutReminders()), "No reminder was due");

    [Theory]
    [InlineData("refused x")]
    [InlineData("uncertain x")]
    public void Judge_SubmitFailedWhileSilosRestart_IsABreach(string answer) =>
        AssertFails(LedgerJudge.Judge(HandWritten.OfAGoodRun().Submitted("x", 12).Happened(13, answer).Read(), Promises.OfRestarts), "1 submits were refused or had no answer");

    [Theory]
    [InlineData(18, 3, false)]
    [InlineData(20.5, 5.5, true)]
    public void Judge_SiloStartedInAnOutage_MustBeReadySoonAfterIt(double ready, double seconds, bool fails)
    {
        var ledger = HandWritten.OfAGoodRun().Happened(10, "redis-down").Happened(11, "silo-started silo-2 200").Happened(15, "redis-up").Happened(ready, "silo-ready silo-2 200");
        var found = LedgerJudge.Judge(ledger.Read(), Promises.OfStartInOutage);

        Assert.Equal(seconds, found.SecondsToJoin!.Value, 3);
        Assert.Equal(fails, found.Failures.Any(f => f.Contains("started without Redis was ready", StringComparison.Ordinal)));
    }

    [Fact]
    public void Judge_NothingRefusedWhereNothingWasSafe_IsABreach() =>
        AssertFails(LedgerJudge.Judge(HandWritten.OfAGoodRun().Read(), Promises.OfNoDurability), "No submit was refused");

    [Fact]
    public void Judge_EmptyLedger_ProvesNothing() => AssertFails(Judge(new HandWritten(("silo-1", 100))), "nothing was proved");

    [Fact]
    public void Passed_GoodRunWhoseFaultDidNotHappen_IsFalse()
    {
        var report = Report(Judge(HandWritten.OfAGoodRun()), happened: 0);

        Assert.False(report.Passed);
        Assert.False(report.FaultHappened);
        Assert.Contains(report.Failures, f => f.Contains("did not happen", StringComparison.Ordinal));
    }

    private static LedgerFindings Judge(HandWritten ledger) => LedgerJudge.Judge(ledger.Read(), Promises.OfRedisFault);

    private static ChaosReport Report(LedgerFindings found, long happened) => ChaosReport.Of(Settings, new FaultEvidence(happened, "faults"), found, []);

    /// <summary>The sentence is there, and no run that has it passes.</summary>
    private static void AssertFails(LedgerFindings found, string sentence)
    {
        Assert.Contains(found.Failures, f => f.Contains(sentence, StringComparison.Ordinal));
        Assert.False(Report(found, happened: 1).Passed);
    }
}
