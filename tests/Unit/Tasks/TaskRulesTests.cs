using CsCheck;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Tasks;

public sealed class TaskRulesTests
{
    private static readonly WorkerId[] Workers = [Given.Worker("w1"), Given.Worker("w2"), Given.Worker("w1", life: 2)];

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (4, Gen.Int[0, 2].Select(w => new Step(Act.Begin, w, 0, 0))),
        (6, Gen.Select(Gen.Int[0, 2], Gen.Int[-1, 1], Gen.Int[0, 3]).Select((w, number, result) => new Step(Act.Report, w, number, result))),
        (3, Gen.Const(new Step(Act.LoseWorker, 0, 0, 0))),
        (1, Gen.Const(new Step(Act.Cancel, 0, 0, 0))));

    /// <summary>No pause: the model need not know of time.</summary>
    private static readonly RetryPolicy Twice = RetryPolicy.After(TimeSpan.Zero);

    private enum Act
    {
        Begin,
        Report,
        LoseWorker,
        Cancel,
    }

    [Fact]
    public void Rules_AnySequenceOfMessages_FollowTheModel() => Steps.Array[0, 40].Sample(
        steps =>
        {
            var task = Given.Queued();
            var model = new Model(TaskState.Queued, 0, null, 0, null, 0);
            var now = Given.Now;
            foreach (var step in steps)
            {
                now += TimeSpan.FromSeconds(1);
                var before = task;
                task = Apply(task, step, now);
                model = model.After(step);

                Assert.Equal(model, Model.Of(task));
                Assert.True(task.Attempts >= before.Attempts);
                Assert.Equal(task.State == TaskState.Running, task.Current is not null);
                Assert.Equal(task.State.IsTerminal(), task.FinishedAt is not null);
                Assert.Equal(task.State, task.History[^1].State);
                Assert.Equal(TaskState.Queued, task.History[0].State);
                Assert.Equal(task.State, task.Index.State);
                if (before.State.IsTerminal())
                    Assert.Same(before, task);
            }
        },
        iter: 2_000);

    [Fact]
    public void Begin_ManyTimes_KeepsTheFirstAndLastLinesOfABoundedHistory()
    {
        var task = Given.Queued();
        for (var i = 0; i < 3 * TaskRules.MaxHistory; i++)
            task = TaskRules.End(TaskRules.Begin(task, Workers[0], Given.Now), new AttemptHandedBack(), Given.Now);

        Assert.Equal(TaskRules.MaxHistory, task.History.Length);
        Assert.Equal(0, task.History[0].Attempt);
        Assert.Equal(3 * TaskRules.MaxHistory, task.History[^1].Attempt);
    }

    [Fact]
    public void LoseWorker_AsOftenAsMayBe_IsDeadAndSaysWhy()
    {
        var task = Given.Queued();
        for (var i = 1; i <= TaskRules.MaxWorkersLost; i++)
        {
            Assert.Equal(TaskState.Queued, task.State);
            task = TaskRules.LoseWorker(TaskRules.Begin(task, Workers[0], Given.Now), Given.Now);
        }

        Assert.Equal(TaskState.Dead, task.State);
        Assert.Equal(TaskError.WorkersLost, task.Error!.Code);
        Assert.StartsWith("5 workers died", task.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void End_HandedBack_IsNotALostWorker()
    {
        var task = TaskRules.End(TaskRules.Begin(Given.Queued(), Workers[0], Given.Now), new AttemptHandedBack(), Given.Now);
        Assert.Equal((TaskState.Queued, 1, 0), (task.State, task.Attempts, task.WorkersLost));
    }

    [Fact]
    public void Cancel_LongReason_IsCutInTheHistory()
    {
        var task = TaskRules.Cancel(Given.Queued(), new string('x', 10_000), Given.Now);
        Assert.Equal(501, task.History[^1].Note!.Length);
    }

    [Fact]
    public void Create_Delayed_IsScheduledAndOrderedByWhenItIsDue()
    {
        var task = TaskRules.Create(Given.Submission() with { Delay = TimeSpan.FromMinutes(1), Priority = TaskPriority.P1 }, Given.Now);

        Assert.Equal((TaskState.Scheduled, Given.Now.AddMinutes(1)), (task.State, task.DueAt));
        Assert.Equal(task.Rank, DueScore.Rank(task.Index.Score));
        Assert.False(TaskRules.MayBegin(task, Given.Now.AddSeconds(59)));
        Assert.True(TaskRules.MayBegin(task, Given.Now.AddMinutes(1)));
        Assert.Equal([TaskState.Scheduled, TaskState.Queued, TaskState.Running], TaskRules.Begin(task, Workers[0], Given.Now.AddMinutes(1)).History.Select(h => h.State));
    }

    [Fact]
    public void Create_HeldAndDelayed_WaitsForItsTimeOnceItIsReleased()
    {
        var task = TaskRules.Create(Given.Submission() with { Delay = TimeSpan.FromMinutes(1) }, Given.Now, TaskRules.UnverifiedKey);
        Assert.Equal(TaskState.Blocked, task.State);
        Assert.Equal(TaskState.Scheduled, TaskRules.Unblock(task, Given.Now.AddSeconds(1)).State);
        Assert.Equal(TaskState.Queued, TaskRules.Unblock(task, Given.Now.AddMinutes(2)).State);
    }

    [Fact]
    public void End_Failed_WaitsAsItsPolicySaysAndIsDeadInTheEnd()
    {
        var task = Given.Queued();
        var pauses = new List<double>();
        for (; !task.State.IsTerminal(); pauses.Add((task.DueAt - Given.Now)?.TotalSeconds ?? -1))
            task = Fail(task, Given.Now, new AttemptFailed(new TaskError("broken", "It broke.")));

        Assert.Equal([10, 30, 60, -1], pauses);
        Assert.Equal((TaskState.Dead, 4, "broken"), (task.State, task.Attempts, task.Error!.Code));
    }

    [Fact]
    public void End_FailedWithRetryAfter_WaitsAtLeastThatLong()
    {
        var task = Fail(Given.Queued(), Given.Now, new AttemptFailed(new TaskError("busy", "Later.")) { RetryAfter = TimeSpan.FromSeconds(25) });
        Assert.Equal(Given.Now.AddSeconds(25), task.DueAt);
        task = Fail(task, Given.Now, new AttemptFailed(new TaskError("busy", "Later.")) { RetryAfter = TimeSpan.FromSeconds(25) });
        Assert.Equal(Given.Now.AddSeconds(30), task.DueAt);
    }

    [Fact]
    public void End_FailedForGoodOrWithoutRetries_HasFailed()
    {
        Assert.Equal(TaskState.Failed, Fail(Given.Queued(), Given.Now, new AttemptFailed(new TaskError("bad", "No.")) { IsFinal = true }).State);
        Assert.Equal(TaskState.Failed, Fail(Given.Queued(), Given.Now, new AttemptFailed(new TaskError("bad", "No.")) { Policy = RetryPolicy.None }).State);
        Assert.Equal(TaskState.Scheduled, Fail(Given.Queued() with { Retry = RetryPolicy.Default }, Given.Now, new AttemptFailed(new TaskError("bad", "No.")) { Policy = RetryPolicy.None }).State);
    }

    [Fact]
    public void End_FailedAndTheNextAttemptIsBeyondTheDeadline_HasFailedOfThat()
    {
        var task = Fail(Given.Queued() with { Deadline = Given.Now.AddSeconds(10) }, Given.Now, new AttemptFailed(new TaskError("broken", "It broke.")));
        Assert.Equal((TaskState.Failed, TaskError.DeadlineExceeded), (task.State, task.Error!.Code));
        Assert.Contains("It broke.", task.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsOverdue_OnlyWhatWaits_AndFromTheDeadlineOn()
    {
        var task = Given.Queued() with { Deadline = Given.Now.AddSeconds(1) };
        Assert.False(TaskRules.IsOverdue(task, Given.Now));
        Assert.True(TaskRules.IsOverdue(task, Given.Now.AddSeconds(1)));
        Assert.False(TaskRules.IsOverdue(TaskRules.Begin(task, Workers[0], Given.Now), Given.Now.AddSeconds(1)));
        Assert.False(TaskRules.IsOverdue(TaskRules.Expire(task, Given.Now), Given.Now.AddSeconds(1)));
    }

    /// <summary>When it may begin, it begins and fails.</summary>
    private static TaskRecord Fail(TaskRecord task, DateTimeOffset now, AttemptFailed failed) =>
        TaskRules.End(TaskRules.Begin(task, Workers[0], now), failed, now);

    /// <summary>What the task's grain does with each message.</summary>
    private static TaskRecord Apply(TaskRecord task, Step step, DateTimeOffset now)
    {
        switch (step.Act)
        {
            case Act.Begin when task.State == TaskState.Scheduled && !TaskRules.MayBegin(task, now):
                return task;
            case Act.Begin when TaskRules.MayBegin(task, now):
                return TaskRules.Begin(task, Workers[step.Worker], now);
            case Act.LoseWorker when task.State == TaskState.Running:
                return TaskRules.LoseWorker(task, now);
            case Act.Cancel when !task.State.IsTerminal():
                return TaskRules.Cancel(task, "enough", now);
            case Act.Report:
                var attempt = new AttemptRef(task.Attempts + step.Number, Workers[step.Worker]);
                if (!TaskRules.IsCurrent(task, attempt))
                    return task;
                if (task.State != TaskState.Running)
                    task = TaskRules.Begin(task, attempt.Worker, now);
                return TaskRules.End(task, step.AttemptResult, now);
            case Act.Begin:
                Assert.Throws<InvalidOperationException>(() => TaskRules.Begin(task, Workers[step.Worker], now));
                return task;
            case Act.LoseWorker:
                Assert.Throws<InvalidOperationException>(() => TaskRules.LoseWorker(task, now));
                return task;
            default:
                Assert.Throws<InvalidOperationException>(() => TaskRules.Cancel(task, null, now));
                return task;
        }
    }

    /// <param name="Number">Of the attempt reported on, counted from the last one begun.</param>
    private sealed record Step(Act Act, int Worker, int Number, int Result)
    {
        public AttemptResult AttemptResult => Result switch
        {
            0 => new AttemptSucceeded("1"u8.ToArray(), null),
            1 => new AttemptFailed(new TaskError("broken", "It broke.")) { IsFinal = true },
            2 => new AttemptFailed(new TaskError("broken", "It broke.")) { Policy = Twice },
            _ => new AttemptHandedBack(),
        };
    }

    /// <param name="Ended">The attempt whose own report was taken last.</param>
    private sealed record Model(TaskState State, int Attempts, WorkerId? Holder, int Lost, AttemptRef? Ended, int Failures)
    {
        public static Model Of(TaskRecord task) => new(task.State, task.Attempts, task.Current?.Worker, task.WorkersLost, task.Ended, task.Failures);

        public Model After(Step step) => (step.Act, State) switch
        {
            (Act.Begin, TaskState.Queued or TaskState.Scheduled) => this with { State = TaskState.Running, Attempts = Attempts + 1, Holder = Workers[step.Worker] },
            (Act.LoseWorker, TaskState.Running) => this with
            {
                State = Lost == 4 ? TaskState.Dead : TaskState.Queued,
                Lost = Lost + 1,
                Holder = null,
            },
            (Act.Cancel, TaskState.Queued or TaskState.Scheduled or TaskState.Running) => this with { State = TaskState.Cancelled, Holder = null },
            (Act.Report, TaskState.Running) when step.Number == 0 && Holder == Workers[step.Worker] => Finished(step, Attempts),
            (Act.Report, TaskState.Queued or TaskState.Scheduled) when step.Number == 1 => Finished(step, Attempts + 1),
            _ => this,
        };

        private Model Finished(Step step, int attempt) => this with
        {
            State = step.Result switch { 0 => TaskState.Succeeded, 1 => TaskState.Failed, 2 => Failures == 0 ? TaskState.Scheduled : TaskState.Dead, _ => TaskState.Queued },
            Failures = step.Result is 1 or 2 ? Failures + 1 : Failures,
            Attempts = attempt,
            Holder = null,
            Ended = new AttemptRef(attempt, Workers[step.Worker]),
        };
    }
}
