using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using MorningAI.Workers;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Order, dispatch, and workers that misbehave.</summary>
public sealed class QueueAndWorkerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Witness _witness = new();

    [Fact]
    public async Task Dispatch_MixedPriorities_UrgentFirstThenFirstInFirstOut()
    {
        await using var silos = await Start(workers: w => w.Concurrency = 1);
        var first = await silos.Submit("hold", "0");
        await Deadline.Until("the only slot is taken", Limit, () => Task.FromResult(!_witness.Ran.IsEmpty));
        var last = first;
        foreach (var (payload, priority) in new[] { ("5", TaskPriority.P3), ("3", TaskPriority.P2), ("4", TaskPriority.P2), ("1", TaskPriority.P0), ("2", TaskPriority.P1), ("6", TaskPriority.P3) })
            last = await silos.Submit("note", payload, priority);
        _witness.Gate.SetResult();
        await silos.End(last);

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], _witness.Ran);
    }

    [Fact]
    public async Task Handlers_BlockEveryThread_SiloAndBeatGoOn()
    {
        const int blocked = 48;
        await using var silos = await Start(workers: w => w.Concurrency = 64);
        for (var i = 0; i < blocked; i++)
            await silos.Submit("block");
        await Deadline.Until("all of them block", Limit, () => Task.FromResult(Volatile.Read(ref _witness.Blocked) == blocked));

        var before = (await silos.Grains.GetWorkerRegistry().List()).Single().LastBeatAt;
        var task = await silos.End(await silos.Submit("note", "1"));
        await Deadline.Until("the worker beats", Limit, async () => (await silos.Grains.GetWorkerRegistry().List()).Single().LastBeatAt > before);
        _witness.Block.Set();

        Assert.Equal(TaskState.Succeeded, task.State);
    }

    [Fact]
    public async Task Partition_DeactivatedWithTasksWaitingAndRunning_RebuildsItself()
    {
        await using var silos = await Start(workers: w => w.Concurrency = 2);
        List<TaskId> ids = [await silos.Submit("hold", "0"), await silos.Submit("hold", "1")];
        await Deadline.Until("both slots are taken", Limit, () => Task.FromResult(_witness.Ran.Count == 2));
        for (var i = 2; i < 20; i++)
            ids.Add(await silos.Submit("note", $"{i}"));

        await silos.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        _witness.Gate.SetResult();
        foreach (var id in ids)
            Assert.Equal(1, (await silos.End(id)).Attempt);

        Assert.Equal(20, _witness.Ran.Count);
    }

    [Fact]
    public async Task SiloDies_WhileItsWorkerRuns_TasksRunElsewhere()
    {
        await using var silos = await Start(silos: 2, workers: w => w.Concurrency = 8);
        await Deadline.Until("both workers are known", Limit, async () => (await silos.Grains.GetWorkerRegistry().List()).Count == 2);
        var ids = new List<TaskId>();
        for (var i = 0; i < 12; i++)
            ids.Add(await silos.Submit("hold", $"{i}"));
        await Deadline.Until("all run", Limit, () => Task.FromResult(_witness.Ran.Count == 12));

        await silos.Kill(silos.Cluster.Silos[1]);
        _witness.Gate.SetResult();

        foreach (var id in ids)
            Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
    }

    private Task<TestSilos> Start(short silos = 1, Action<WorkerOptions>? workers = null) => TestSilos.Start(silos, workers, s => Witness.Register(s, _witness));
}
