using MorningAI.Explaining;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Queues that operators pause, drain, resume and clear. With a real Redis, its death and emptiness, and a silo's death.</summary>
public sealed class QueueControlTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Witness _witness = new();

    [Fact]
    public async Task Pause_WhatIsSubmitted_WaitsAndSaysWhyUntilItIsResumed()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "0"));
        await Decide(silos, QueueCommand.Pause, "ann", "a deploy");

        var id = await silos.Submit("note", "1");

        var why = await Explain(silos, id);
        Assert.Equal((TaskState.Queued, WaitCode.Paused, "ann"), (why.State, why.Reasons[0].Code, why.Reasons[0].By));
        Assert.Contains("a deploy", why.Reasons[0].Text);
        Assert.Contains(why.Reasons, r => r is { Code: WaitCode.Position, Count: 0 });
        Assert.Equal(["0"], _witness.Ran);

        await Decide(silos, QueueCommand.Resume);
        await silos.End(id);
        Assert.Equal(["0", "1"], _witness.Ran);
    }

    [Fact]
    public async Task Pause_ItsSiloDies_HoldsElsewhere()
    {
        await using var silos = await Start(2);
        await silos.End(await silos.Submit("note", "0"));
        await Decide(silos, QueueCommand.Pause);
        var ids = await Task.WhenAll(Enumerable.Range(1, 5).Select(i => silos.Submit("note", $"{i}")));

        TaskPlace? place = null;
        await silos.Cluster.StopSiloAsync(silos.Cluster.Silos[0]);
        await Deadline.Until("the queue is whole elsewhere", Limit, async () =>
            (place = await silos.Grains.GetPartition(ids[0].Partition).Place(ids[4].Unique)).Whereabouts == Whereabouts.Ready, () => $"{place}");
        Assert.Equal(["0"], _witness.Ran);

        await Decide(silos, QueueCommand.Resume);
        foreach (var id in ids)
            await silos.End(id);
        Assert.Equal(6, _witness.Ran.Count);
    }

    [Fact]
    public async Task PauseAndResume_RedisIsDown_HoldAndAreThereAfterwardsThoughItComesBackEmpty()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "0"));
        await silos.Redis.Kill();
        await Decide(silos, QueueCommand.Pause, "bob");
        var id = await silos.Submit("note", "1");
        Assert.Contains((await Explain(silos, id)).Reasons, r => r is { Code: WaitCode.Paused, By: "bob" });
        Assert.Contains((await Explain(silos, id)).Reasons, r => r.Code == WaitCode.Store);

        await silos.Redis.BeginEmpty();
        await Deadline.Until("the store is whole", Limit, () => Task.FromResult(silos.Health.State == MorningAI.Storage.StoreState.Healthy));
        Assert.Equal("bob", (await silos.Grains.GetQueueDirectory().Controls()).Single().Paused!.By);
        Assert.Equal(["0"], _witness.Ran);

        await Decide(silos, QueueCommand.Resume);
        await silos.End(id);
    }

    [Fact]
    public async Task Drain_NewTasks_AreRefusedAndThoseThereAreDone()
    {
        await using var silos = await Start();
        var there = await silos.Submit("hold", "1");
        await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Count == 1));
        await Decide(silos, QueueCommand.Drain, "ann", "moving");

        var refused = Assert.IsType<TaskRefused>(await silos.TrySubmit("note", "2"));
        Assert.Equal(RefusalReason.QueueDraining, refused.Reason);
        Assert.Contains("ann has drained it", refused.Message);
        // One that is there is no refusal: it runs, and its submitter may just not have heard.
        Assert.Equal((there, false), Assert.IsType<TaskAccepted>(await silos.TrySubmit("hold", "1", id: there)).Receipt is var r ? (r.TaskId, r.Created) : default);

        _witness.Gate.SetResult();
        Assert.Equal(TaskState.Succeeded, (await silos.End(there)).State);
        await Decide(silos, QueueCommand.Resume);
        await silos.End(await silos.Submit("note", "3"));
    }

    [Fact]
    public async Task Clear_WhatWaits_IsCancelledAndWhatRunsGoesOn()
    {
        await using var silos = await Start();
        var runs = await silos.Submit("hold", "1");
        await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Count == 1));
        await Decide(silos, QueueCommand.Pause);
        var waiting = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => silos.Submit("note", "9")));
        var later = ((TaskAccepted)await silos.TrySubmit("note", "9", more: s => s with { Delay = TimeSpan.FromHours(1) })).Receipt.TaskId;

        var partition = silos.Grains.GetPartition(runs.Partition);
        var first = await partition.Clear(5, "not needed");
        var rest = await partition.Clear(5, "not needed");

        Assert.Equal((new ClearedTasks(5, 3), new ClearedTasks(3, 0)), (first, rest));
        foreach (var id in waiting.Append(later))
            Assert.Equal(TaskState.Cancelled, (await silos.Grains.GetTask(id).Get())!.State);
        _witness.Gate.SetResult();
        Assert.Equal(TaskState.Succeeded, (await silos.End(runs)).State);
        Assert.Equal(["1"], _witness.Ran);
    }

    [Fact]
    public async Task Explain_WorkersAreBusy_SaysHowManySlots()
    {
        await using var silos = await Start(workers: 2);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => silos.Submit("hold", "1")));
        await Deadline.Until("both run", Limit, () => Task.FromResult(_witness.Ran.Count == 2));
        var more = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => silos.Submit("note", "2")));

        await Deadline.Until("the queue says so", Limit, async () =>
            (await silos.Grains.GetGrain<IExplainerGrain>(0).OfQueue(QueueName.Default))!.Reasons.Any(r => r is { Code: WaitCode.WorkersBusy, Count: 2, Of: 2 }));
        Assert.Null(await silos.Grains.GetGrain<IExplainerGrain>(0).OfQueue(QueueName.Parse("nobody")));
        Assert.Null(await silos.Grains.GetGrain<IExplainerGrain>(0).OfTask(TaskId.New(more[0].Partition, DateTimeOffset.UtcNow)));

        _witness.Gate.SetResult();
        foreach (var id in more)
            await silos.End(id);
        Assert.Equal(WaitCode.Ended, (await Explain(silos, more[0])).Reasons.Single().Code);
    }

    private static Task Decide(TestSilos silos, QueueCommand command, string? by = null, string? reason = null) =>
        Deadline.Until($"{command} is stored", Limit, async () =>
        {
            try
            {
                await silos.Grains.GetQueueDirectory().Decide(QueueName.Default, command, by, reason);
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false; // the run with storage faults
            }
        });

    private static async Task<TaskExplanation> Explain(TestSilos silos, TaskId id)
    {
        TaskExplanation? explanation = null;
        await Deadline.Until("an explanation", Limit, async () =>
        {
            try
            {
                return (explanation = await silos.Grains.GetGrain<IExplainerGrain>(0).OfTask(id)) is not null;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        });
        return explanation!;
    }

    private Task<TestSilos> Start(short silos = 1, int workers = 64) =>
        TestSilos.Start(silos, workers: o => o.Concurrency = workers, services: s => Witness.Register(s, _witness));
}
