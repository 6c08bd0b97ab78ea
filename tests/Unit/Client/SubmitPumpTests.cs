using MorningAI.Client;
using MorningAI.Client.Cluster;
using MorningAI.Client.Submitting;
using MorningAI.Intake;
using MorningAI.Tasks;
using Orleans.Runtime;
using Xunit;

namespace MorningAI.Tests.Unit.Client;

public class SubmitPumpTests
{
    private readonly FakeIntake _intake = new();
    private readonly SteppedTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submit_Idle_LeavesAtOnceAlone()
    {
        await using var pump = _intake.Pump(new(), _time);
        var submission = FakeIntake.Submission();
        var outcome = pump.Submit(submission, Stop);
        var call = await _intake.Next();
        Assert.Equal(submission.Id, Assert.Single(call.Ids));
        call.Accept();
        Assert.Equal(submission.Id, Assert.IsType<TaskAccepted>(await outcome).Receipt.TaskId);
    }

    /// <summary>Its call leaves before it returns: no other thread has to wake up for it.</summary>
    [Fact]
    public async Task Submit_Idle_LeavesOnTheCallersThread()
    {
        await using var pump = _intake.Pump(new(), _time);
        var outcome = pump.Submit(FakeIntake.Submission(), Stop);
        Assert.False(_intake.IsIdle);
        (await _intake.Next()).Accept();
        Assert.IsType<TaskAccepted>(await outcome);
    }

    [Fact]
    public async Task Submit_IdleAndCancelledBefore_IsNotSent()
    {
        await using var pump = _intake.Pump(new(), _time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pump.Submit(FakeIntake.Submission(), new CancellationToken(true)));
        Assert.True(_intake.IsIdle);
    }

    [Fact]
    public async Task Submit_AllCallsUnderWay_NextCallTakesAllThatWaitInOrder()
    {
        await using var pump = _intake.Pump(new() { MaxConcurrentBatches = 1, MaxBatch = 3 }, _time);
        var first = pump.Submit(FakeIntake.Submission(), Stop);
        var call = await _intake.Next();
        var waiting = Enumerable.Range(1, 5).Select(FakeIntake.Submission).ToArray();
        var outcomes = waiting.Select(s => pump.Submit(s, Stop)).ToArray();
        Assert.True(_intake.IsIdle);
        call.Accept();
        var second = await _intake.Next();
        Assert.Equal(waiting[..3].Select(s => s.Id), second.Ids);
        second.Accept();
        var third = await _intake.Next();
        Assert.Equal(waiting[3..].Select(s => s.Id), third.Ids);
        third.Accept();
        Assert.Equal(waiting.Select(s => s.Id), (await Task.WhenAll(outcomes)).Select(o => Assert.IsType<TaskAccepted>(o).Receipt.TaskId));
        Assert.IsType<TaskAccepted>(await first);
    }

    [Fact]
    public async Task Submit_LargePayloads_ShareNoCallBeyondItsBytes()
    {
        await using var pump = _intake.Pump(new() { MaxConcurrentBatches = 1 }, _time);
        _ = pump.Submit(FakeIntake.Submission(), Stop);
        var call = await _intake.Next();
        for (var i = 1; i <= 3; i++)
            _ = pump.Submit(FakeIntake.Submission(i) with { Payload = new byte[SubmitPump.MaxBatchBytes / 2] }, Stop);
        call.Accept();
        call = await _intake.Next();
        Assert.Equal(2, call.Submissions.Length);
        call.Accept();
        (await _intake.Next()).Accept();
    }

    [Fact]
    public async Task Submit_OneRefused_OthersAreAccepted()
    {
        await using var pump = _intake.Pump(new() { MaxConcurrentBatches = 1 }, _time);
        var (outcomes, call) = await Together(pump, 3);
        var bad = call.Submissions[1].Id;
        call.AnswerEach(s => s.Id == bad ? new TaskRefused(RefusalReason.UnknownKind, "no such kind") : IntakeCall.Accepted(s));
        var answers = await Task.WhenAll(outcomes);
        Assert.IsType<TaskAccepted>(answers[0]);
        Assert.IsType<TaskRefused>(answers[1]);
        Assert.IsType<TaskAccepted>(answers[2]);
    }

    [Fact]
    public async Task Submit_OnePoisonsItsCall_OthersAreAcceptedInHalves()
    {
        await using var pump = _intake.Pump(new() { MaxConcurrentBatches = 1 }, _time);
        var (outcomes, call) = await Together(pump, 4);
        var poison = call.Submissions[2].Id;
        call.Answer.SetException(new InvalidOperationException("cannot be read"));
        for (var left = 4; left > 0;)
        {
            var next = await _intake.Next();
            if (!next.Ids.Contains(poison))
                next.Accept();
            else
                next.Answer.SetException(new InvalidOperationException("cannot be read"));
            left -= next.Ids.Contains(poison) && next.Submissions.Length > 1 ? 0 : next.Submissions.Length;
        }

        var answers = await Task.WhenAll(outcomes);
        Assert.Equal([true, true, false, true], answers.Select(a => a is TaskAccepted));
        Assert.Equal(poison, Assert.IsType<SubmitUncertain>(answers[2]).TaskId);
    }

    [Fact]
    public async Task Submit_OneCancelled_OthersGoOnAndItIsNotSent()
    {
        await using var pump = _intake.Pump(new() { MaxConcurrentBatches = 1 }, _time);
        _ = pump.Submit(FakeIntake.Submission(), Stop);
        var call = await _intake.Next();
        using var cancellation = new CancellationTokenSource();
        var cancelled = pump.Submit(FakeIntake.Submission(1), cancellation.Token);
        var other = FakeIntake.Submission(2);
        var outcome = pump.Submit(other, Stop);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        call.Accept();
        call = await _intake.Next();
        Assert.Equal(other.Id, Assert.Single(call.Ids));
        call.Accept();
        Assert.IsType<TaskAccepted>(await outcome);
    }

    [Fact]
    public async Task Submit_SiloLost_IsSentAgainWithTheSameId()
    {
        await using var pump = _intake.Pump(new(), _time);
        var submission = FakeIntake.Submission() with { IsNew = true };
        var outcome = pump.Submit(submission, Stop);
        var first = await _intake.Next();
        first.Answer.SetException(new SiloUnavailableException("gone"));
        var second = await NextAfterPause();
        Assert.Equal(submission.Id, Assert.Single(second.Ids));
        Assert.Equal((true, false), (first.Submissions[0].IsNew, second.Submissions[0].IsNew)); // it may be there by now
        second.Accept();
        Assert.IsType<TaskAccepted>(await outcome);
    }

    [Fact]
    public async Task Submit_ConnectionLostMeanwhile_IsSentAgainBeforeTheAttemptIsOver()
    {
        var loss = new GatewayLoss();
        await using var pump = _intake.Pump(new() { AttemptTimeout = TimeSpan.FromSeconds(20) }, _time, loss);
        var outcome = pump.Submit(FakeIntake.Submission(), Stop);
        var first = await _intake.Next();
        loss.Signal();
        var second = await NextAfterPause();
        Assert.Equal(first.Ids, second.Ids);
        second.Accept();
        Assert.IsType<TaskAccepted>(await outcome);
    }

    [Fact]
    public async Task Submit_NeverAnswered_EndsUncertainWithTheId()
    {
        await using var pump = _intake.Pump(new(), _time);
        var submission = FakeIntake.Submission();
        var outcome = pump.Submit(submission, Stop);
        await _intake.Next();
        var uncertain = Assert.IsType<SubmitUncertain>(await _time.PassUntil(outcome));
        Assert.Equal(submission.Id, uncertain.TaskId);
        Assert.Contains("submit it again with this id", uncertain.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_NotSentInTime_EndsUnavailableAsItCannotExist()
    {
        await using var pump = _intake.Pump(new() { MaxConcurrentBatches = 1, SubmitTimeout = TimeSpan.FromSeconds(3) }, _time);
        var first = pump.Submit(FakeIntake.Submission(), Stop);
        await _intake.Next();
        var second = pump.Submit(FakeIntake.Submission(1), Stop);
        Assert.IsType<StoreUnavailable>(await _time.PassUntil(second));
        Assert.IsType<SubmitUncertain>(await first);
    }

    [Fact]
    public async Task Submit_NothingStored_IsToldAtOnce()
    {
        await using var pump = _intake.Pump(new(), _time);
        var outcome = pump.Submit(FakeIntake.Submission(), Stop);
        (await _intake.Next()).AnswerEach(_ => new StoreUnavailable("disk full", TimeSpan.FromSeconds(7)));
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<StoreUnavailable>(await outcome).RetryAfter);
    }

    [Fact]
    public async Task Submit_NothingStoredAfterAnUnansweredCall_IsNotTakenForAbsent()
    {
        await using var pump = _intake.Pump(new(), _time);
        var outcome = pump.Submit(FakeIntake.Submission(), Stop);
        (await _intake.Next()).Answer.SetException(new TimeoutException());
        (await NextAfterPause()).AnswerEach(_ => new StoreUnavailable("disk full", TimeSpan.FromSeconds(1)));
        (await NextAfterPause()).Accept();
        Assert.IsType<TaskAccepted>(await outcome);
    }

    [Fact]
    public async Task Submit_RefusedAfterAnUnansweredCall_IsUncertain()
    {
        await using var pump = _intake.Pump(new(), _time);
        var outcome = pump.Submit(FakeIntake.Submission(), Stop);
        (await _intake.Next()).Answer.SetException(new TimeoutException());
        (await NextAfterPause()).AnswerEach(_ => new TaskRefused(RefusalReason.UnknownKind, "no such kind"));
        Assert.Contains("no such kind", Assert.IsType<SubmitUncertain>(await outcome).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_FewerOutcomesThanSubmissions_IsUncertain()
    {
        await using var pump = _intake.Pump(new(), _time);
        var outcome = pump.Submit(FakeIntake.Submission(), Stop);
        (await _intake.Next()).Answer.SetResult([]);
        Assert.IsType<SubmitUncertain>(await outcome);
    }

    [Fact]
    public async Task SubmitMany_MoreThanABatch_OutcomesStandInOrder()
    {
        await using var pump = _intake.Pump(new() { MaxBatch = 2 }, _time);
        var submissions = Enumerable.Range(0, 5).Select(FakeIntake.Submission).ToArray();
        var outcomes = pump.SubmitMany(submissions, Stop);
        var calls = new[] { await _intake.Next(), await _intake.Next(), await _intake.Next() };
        Assert.Equal([2, 2, 1], calls.Select(c => c.Submissions.Length));
        foreach (var call in calls.Reverse())
            call.AnswerEach(s => s.Id == submissions[3].Id ? new TaskRefused(RefusalReason.InvalidField, "bad") : IntakeCall.Accepted(s));
        var answers = await outcomes;
        Assert.IsType<TaskRefused>(answers[3]);
        Assert.Equal(submissions.Where((_, i) => i != 3).Select(s => s.Id), answers.OfType<TaskAccepted>().Select(a => a.Receipt.TaskId));
    }

    [Fact]
    public async Task SubmitMany_Cancelled_LaterSubmitsStillFindFreeCalls()
    {
        await using var pump = _intake.Pump(new() { MaxBatch = 1, MaxConcurrentBatches = 1 }, _time);
        using var cancellation = new CancellationTokenSource();
        var many = pump.SubmitMany([FakeIntake.Submission(), FakeIntake.Submission(1)], cancellation.Token);
        var call = await _intake.Next();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => many);
        call.Accept();
        var outcome = pump.Submit(FakeIntake.Submission(2), Stop);
        (await _intake.Next()).Accept();
        Assert.IsType<TaskAccepted>(await outcome);
    }

    private async Task<(Task<SubmitOutcome>[] Outcomes, IntakeCall Call)> Together(SubmitPump pump, int count)
    {
        _ = pump.Submit(FakeIntake.Submission(), Stop);
        var first = await _intake.Next();
        var outcomes = Enumerable.Range(1, count).Select(i => pump.Submit(FakeIntake.Submission(i), Stop)).ToArray();
        first.Accept();
        return (outcomes, await _intake.Next());
    }

    private async Task<IntakeCall> NextAfterPause()
    {
        await _time.PassNext(RetryBackoff.Longest);
        return await _intake.Next();
    }
}
