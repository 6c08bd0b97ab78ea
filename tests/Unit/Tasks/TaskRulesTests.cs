using CsCheck;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Tasks;

public sealed class TaskRulesTests
{
    private static readonly WorkerId[] Workers = [Given.Worker("w1"), Given.Worker("w2"), Given.Worker("w1", life: 2)];

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (4, Gen.Int[0, 2].Select(w => new Step(Act.Begin, w, 0, 0))),
        (6, Gen.Select(Gen.Int[0, 2], Gen.Int[-1, 1], Gen.Int[0, 2]).Select((w, number, result) => new Step(Act.Report, w, number, result))),
        (3, Gen.Const(new Step(Act.LoseWorker, 0, 0, 0))),
        (1, Gen.Const(new Step(Act.Cancel, 0, 0, 0))));

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
            var model = new Model(TaskState.Queued, 0, null, 0, null);
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

    /// <summary>What the task's grain does with each message.</summary>
    private static TaskRecord Apply(TaskRecord task, Step step, DateTimeOffset now)
    {
        switch (step.Act)
        {
            case Act.Begin when task.State == TaskState.Queued:
                return TaskRules.Begin(task, Workers[step.Worker], now);
            case Act.LoseWorker when task.State == TaskState.Running:
                return TaskRules.LoseWorker(task, now);
            case Act.Cancel when !task.State.IsTerminal():
                return TaskRules.Cancel(task, "enough", now);
            case Act.Report:
                var attempt = new AttemptRef(task.Attempts + step.Number, Workers[step.Worker]);
                if (!TaskRules.IsCurrent(task, attempt))
                    return task;
                if (task.State == TaskState.Queued)
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
            1 => new AttemptFailed(new TaskError("broken", "It broke.")),
            _ => new AttemptHandedBack(),
        };
    }

    /// <param name="Ended">The attempt whose own report was taken last.</param>
    private sealed record Model(TaskState State, int Attempts, WorkerId? Holder, int Lost, AttemptRef? Ended)
    {
        public static Model Of(TaskRecord task) => new(task.State, task.Attempts, task.Current?.Worker, task.WorkersLost, task.Ended);

        public Model After(Step step) => (step.Act, State) switch
        {
            (Act.Begin, TaskState.Queued) => this with { State = TaskState.Running, Attempts = Attempts + 1, Holder = Workers[step.Worker] },
            (Act.LoseWorker, TaskState.Running) => this with
            {
                State = Lost == 4 ? TaskState.Dead : TaskState.Queued,
                Lost = Lost + 1,
                Holder = null,
            },
            (Act.Cancel, TaskState.Queued or TaskState.Running) => this with { State = TaskState.Cancelled, Holder = null },
            (Act.Report, TaskState.Running) when step.Number == 0 && Holder == Workers[step.Worker] => Finished(step, Attempts),
            (Act.Report, TaskState.Queued) when step.Number == 1 => Finished(step, Attempts + 1),
            _ => this,
        };

        private Model Finished(Step step, int attempt) => this with
        {
            State = step.Result switch { 0 => TaskState.Succeeded, 1 => TaskState.Failed, _ => TaskState.Queued },
            Attempts = attempt,
            Holder = null,
            Ended = new AttemptRef(attempt, Workers[step.Worker]),
        };
    }
}
