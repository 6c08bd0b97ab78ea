using MorningAI.Cli.Chaos.Mixed;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Chaos;

/// <summary>Each promise of the mixed load can be found broken.</summary>
public sealed class MixedJudgeTests
{
    private readonly List<MixedTask> _tasks = [];
    private readonly List<MixedExecution> _executions = [];

    [Fact]
    public void Judge_AGoodRun_FindsNothing()
    {
        Ran(Task(MixedSort.Delayed, notBefore: 5), 5.2, 5.3);
        var flaky = Task(MixedSort.Flaky, fails: 1, attempts: 2);
        Ran(flaky, 1, 1.1, failed: true);
        Ran(flaky, 2, 2.1, attempt: 2);
        Ran(Task(MixedSort.Dying, state: TaskState.Dead, fails: 9), 1, 1.1, failed: true);
        Ran(Task(MixedSort.Cancelled, state: TaskState.Cancelled, cancelledAt: 3), 2.5, null);
        Ran(Task(MixedSort.Ordered, key: "a", at: 0), 1, 2);
        Ran(Task(MixedSort.Ordered, key: "a", at: 0.5), 2, 3);
        Ran(Task(MixedSort.Limited, key: "a"), 1, 2);
        Ran(Task(MixedSort.Limited, key: "a"), 1, 2);
        Ran(Task(MixedSort.Limited, key: "a"), 2, 3);

        var found = Judge();
        Assert.Empty(found.Failures);
        Assert.Equal((2, 3), (found.Acknowledged["ordered"], found.Acknowledged["limited"]));
        Assert.Equal(0.2, found.SecondsLate);
    }

    [Fact]
    public void Judge_DidNotEnd_Fails() => Fails("did not end", () => Task(MixedSort.Delayed, state: TaskState.Scheduled));

    [Fact]
    public void Judge_EndedOtherwise_Fails()
    {
        Fails("did not succeed", () => Task(MixedSort.Flaky, state: TaskState.Dead));
        Fails("is not dead", () => Task(MixedSort.Dying, state: TaskState.Succeeded));
        Fails("was cancelled and is not", () => Task(MixedSort.Cancelled, state: TaskState.Succeeded, cancelledAt: 1));
    }

    [Fact]
    public void Judge_Early_Fails() => Fails("before its time", () => Ran(Task(MixedSort.Scheduled, notBefore: 5), 4.9, 5));

    [Fact]
    public void Judge_BegunAfterTheCancel_Fails() => Fails("after its cancel", () => Ran(Task(MixedSort.Cancelled, state: TaskState.Cancelled, cancelledAt: 1), 2.5, 3));

    [Fact]
    public void Judge_MoreExecutionsThanAttempts_Fails() => Fails("more often than it has attempts", () =>
    {
        var task = Task(MixedSort.Keyed);
        Ran(task, 1, null);
        Ran(task, 2, 3, attempt: 2);
    });

    [Fact]
    public void Judge_Twice_Fails()
    {
        Fails("succeeded more than once", () =>
        {
            var task = Task(MixedSort.Keyed, attempts: 2);
            Ran(task, 1, 2);
            Ran(task, 2, 3, attempt: 2);
            Ran(Task(MixedSort.Delayed), 5, 6);
        });
        Fails("failed more often", () =>
        {
            var task = Task(MixedSort.Flaky, fails: 1, attempts: 3);
            Ran(task, 1, 2, failed: true);
            Ran(task, 2, 3, attempt: 2, failed: true);
            Ran(Task(MixedSort.Delayed), 5, 6);
        });
    }

    [Fact]
    public void Judge_ItsProcessWasKilledAtItsEnd_MayRunAgain()
    {
        var task = Task(MixedSort.Keyed, attempts: 2);
        Ran(task, 1, 2, process: 2);
        Ran(task, 4, 5, attempt: 2);
        Ran(Task(MixedSort.Delayed), 8, 9);
        Assert.Empty(Judge().Failures);
    }

    [Fact]
    public void Judge_OutOfOrder_Fails()
    {
        Fails("of the order a", () =>
        {
            Ran(Task(MixedSort.Ordered, key: "a", at: 0), 1, 3);
            Ran(Task(MixedSort.Ordered, key: "a", at: 1), 2, 4);
        });
        Fails("of the order a", () =>
        {
            Ran(Task(MixedSort.Ordered, key: "a", at: 0), 3, 4);
            Ran(Task(MixedSort.Ordered, key: "a", at: 1), 1, 2);
        });
    }

    [Fact]
    public void Judge_TooMany_FailsWhereItIsKnown()
    {
        void Three()
        {
            for (var i = 0; i < 3; i++)
                Ran(Task(MixedSort.Limited, key: "a"), 1, 2);
        }

        Fails("3 tasks of the limit key a ran at a time; 2 may", Three);
        Three();
        Assert.Empty(Judge(limit: null).Failures);
    }

    /// <summary>Each side goes on with what it has; that nothing is lost still holds.</summary>
    [Fact]
    public void Judge_BothSidesOfACutMayRunIt_FailsOnlyWhereSomethingIsLost()
    {
        Ran(Task(MixedSort.Cancelled, state: TaskState.Succeeded, cancelledAt: 1), 2.5, 3);
        Ran(Task(MixedSort.Ordered, key: "a", at: 0), 1, 3);
        Ran(Task(MixedSort.Ordered, key: "a", at: 1), 2, 4);
        Assert.Empty(Judge(runsOnce: false).Failures);

        Task(MixedSort.Keyed, state: TaskState.Queued);
        Assert.Single(Judge(runsOnce: false).Failures);
    }

    [Fact]
    public void Read_WhatAHandlerWrote_IsItsExecutions()
    {
        var executions = MixedReader.Read(7, ["1000000 started mixed.0.x 1 e1", "2000000 failed mixed.0.x 1 e1", "3000000 started mixed.0.x 2 e2", "4000000 ended mixed.0.x 2 e2", "5000000 started mixed.0.y 1 e3"]).ToArray();
        Assert.Equal([(1, true, true), (2, false, true), (1, false, false)], executions.Select(e => (e.Attempt, e.Failed, e.EndedAt is not null)));
        Assert.Equal(7, executions[0].Process);
    }

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    private MixedTask Task(MixedSort sort, TaskState state = TaskState.Succeeded, double at = 0, double? notBefore = null, double? cancelledAt = null, int fails = 0, int attempts = 1, string? key = null)
    {
        var task = new MixedTask(sort, Given.Id(_tasks.Count + 1), At(at))
        {
            Acknowledged = true,
            Final = state,
            Attempts = attempts,
            Fails = fails,
            Key = key,
            NotBefore = notBefore is { } due ? At(due) : null,
            CancelledAt = cancelledAt is { } cancelled ? At(cancelled) : null,
        };
        _tasks.Add(task);
        return task;
    }

    private void Ran(MixedTask task, double from, double? until, int attempt = 1, bool failed = false, int process = 1) =>
        _executions.Add(new MixedExecution(task.Id.ToString(), attempt, $"e{_executions.Count}", process, At(from), until is { } end ? At(end) : null, failed));

    private MixedFindings Judge(int? limit = 2, bool runsOnce = true)
    {
        var found = MixedJudge.Judge([.. _tasks], _executions.ToLookup(e => e.Task), limit, runsOnce, _ => true);
        _tasks.Clear();
        _executions.Clear();
        return found;
    }

    private void Fails(string expected, Action run)
    {
        run();
        Assert.Contains(expected, Assert.Single(Judge().Failures));
    }
}
