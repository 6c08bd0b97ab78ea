using System.Text;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using MorningAI.Workers;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>One task through its life, with the crash or the fault at each line.</summary>
public sealed class TaskLifeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Witness _witness = new();

    [Fact]
    public async Task Submit_OneTask_RunsOnce()
    {
        await using var silos = await Start();
        var task = await silos.End(await silos.Submit("note", "7"));

        Assert.Equal(TaskState.Succeeded, task.State);
        Assert.Equal("7", Encoding.UTF8.GetString(task.Result!));
        Assert.Equal(["7"], _witness.Ran);
    }

    [Fact]
    public async Task Submit_StoreRefuses_UnavailableAndNeverRuns()
    {
        await using var silos = await Start();
        await silos.Submit("note", "1");
        silos.Faults.Unwritable = true;
        var outcome = await silos.TrySubmit("note", "2");
        silos.Faults.Clear();
        await silos.End(await silos.Submit("note", "3"));

        Assert.IsType<StoreUnavailable>(outcome);
        Assert.DoesNotContain("2", _witness.Ran);
    }

    [Fact]
    public async Task Submit_WrittenThenTimedOut_RepeatFindsTheSameTask()
    {
        await using var silos = await Start();
        await silos.Submit("note", "1");
        var id = TaskId.ForKey(QueueName.Default, 1, "key");
        silos.Faults.Writes.Enqueue(w => w.Key == RecordKey.Of(id) ? StorageFault.WrittenThenTimedOut : null);

        Assert.IsType<StoreUnavailable>(await silos.TrySubmit("note", "2", id: id));
        var repeated = Assert.IsType<TaskAccepted>(await silos.TrySubmit("note", "2", id: id));

        Assert.False(repeated.Receipt.Created);
        await silos.End(id);
        Assert.Single(_witness.Ran, "2");
    }

    [Fact]
    public async Task Enqueue_LostWithItsIntake_SweepFindsTheTask()
    {
        await using var silos = await Start();
        await silos.Submit("note", "1");
        var id = TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UtcNow);
        // Written by an intake that died before it could tell the queue.
        silos.Faults.Writes.Enqueue(w => w.Key == RecordKey.Of(id) ? StorageFault.WrittenThenTimedOut : null);
        await silos.TrySubmit("note", "2", id: id);

        Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
    }

    [Theory]
    [InlineData(StorageFault.Refused)]
    [InlineData(StorageFault.WrittenThenTimedOut)]
    public async Task Complete_StorageFault_ReportedAgainAndRunsOnce(StorageFault fault)
    {
        await using var silos = await Start();
        silos.Faults.Writes.Enqueue(w => w.Index?.State == TaskState.Succeeded ? fault : null);
        var task = await silos.End(await silos.Submit("note", "1"));

        Assert.Equal(TaskState.Succeeded, task.State);
        Assert.Equal(1, task.Attempt);
        Assert.Single(_witness.Ran);
        Assert.Empty(silos.Faults.Writes);
    }

    [Fact]
    public async Task Read_StoreUnreadable_UnavailableNotMissing()
    {
        await using var silos = await Start();
        silos.Faults.Unreadable = true;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => silos.Grains.GetTask(Unknown).Get());
        silos.Faults.Clear();
        Assert.Null(await silos.Grains.GetTask(Unknown).Get());
    }

    [Fact]
    public async Task Start_StoreUnreadable_BegunLater()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "1"));
        silos.Faults.Unreadable = true;
        var id = await silos.Submit("note", "2");
        await Deadline.Until("the worker tried and gave up", Limit, async () => (await Worker(silos)).Finished > 1);
        silos.Faults.Clear();

        Assert.Equal(1, (await silos.End(id)).Attempt);
    }

    [Fact]
    public async Task Complete_StaleAttempt_Refused()
    {
        await using var silos = await Start();
        var id = await silos.Submit("hold", "1");
        var running = await Running(silos, id);
        var task = silos.Grains.GetTask(id);
        var current = new AttemptRef(1, running.HeldBy!.Value);
        var zombie = current with { Worker = current.Worker with { Name = WorkerName.Parse("zombie") } };
        var result = new AttemptSucceeded("\"stale\""u8.ToArray(), null);

        Assert.False((await task.Complete(zombie, result)).Accepted);
        Assert.False((await task.Complete(current with { Number = 2 }, result)).Accepted);
        Assert.Equal(TaskState.Queued, await task.GiveBack(current.Worker, GiveBackReason.WorkerLost));
        Assert.False((await task.Complete(current, result)).Accepted);
        _witness.Gate.SetResult();
    }

    [Fact]
    public async Task Complete_Repeated_AcceptedOnceMoreWithoutEffect()
    {
        await using var silos = await Start();
        var id = await silos.Submit("hold", "1");
        var attempt = new AttemptRef(1, (await Running(silos, id)).HeldBy!.Value);
        var first = await silos.Grains.GetTask(id).Complete(attempt, new AttemptSucceeded("1"u8.ToArray(), null));
        var second = await silos.Grains.GetTask(id).Complete(attempt, new AttemptSucceeded("2"u8.ToArray(), null));
        _witness.Gate.SetResult();

        Assert.True(first.Accepted);
        Assert.True(second.Accepted);
        Assert.Equal("1"u8.ToArray(), (await silos.Grains.GetTask(id).Get())!.Result);
    }

    [Fact]
    public async Task Cancel_RunningHandlerThatDoesNotListen_CancelledAndItsResultRefused()
    {
        await using var silos = await Start();
        var id = await silos.Submit("hold", "1");
        await Running(silos, id);

        Assert.True((await silos.Grains.GetTask(id).Cancel("test")).Cancelled);
        await Deadline.Until("its slot is free and it is given up", Limit, async () => await Worker(silos) is { Running: 0, Abandoned: 1 });
        _witness.Gate.SetResult();
        await Deadline.Until("the handler has ended", Limit, async () => (await Worker(silos)).Abandoned == 0);
        Assert.Equal(TaskState.Cancelled, (await silos.Grains.GetTask(id).Get())!.State);
    }

    [Fact]
    public async Task Cancel_WaitingTask_NeverRuns()
    {
        await using var silos = await Start(w => w.Concurrency = 1);
        var first = await silos.Submit("hold", "1");
        await Running(silos, first);
        var second = await silos.Submit("note", "2");

        Assert.True((await silos.Grains.GetTask(second).Cancel(null)).Cancelled);
        _witness.Gate.SetResult();
        await silos.End(first);
        await silos.End(await silos.Submit("note", "3"));
        Assert.Equal(["1", "3"], _witness.Ran);
    }

    private static TaskId Unknown => TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UtcNow);

    private Task<TestSilos> Start(Action<WorkerOptions>? workers = null) => TestSilos.Start(1, workers, s => Witness.Register(s, _witness));

    private static async Task<TaskSnapshot> Running(TestSilos silos, TaskId id)
    {
        TaskSnapshot? task = null;
        await Deadline.Until("it runs", Limit, async () => (task = await silos.Grains.GetTask(id).Get())?.State == TaskState.Running);
        return task!;
    }

    private static async Task<WorkerReport> Worker(TestSilos silos) => (await silos.Grains.GetWorkerRegistry().List()).Single().Report;
}
