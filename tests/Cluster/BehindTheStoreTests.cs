using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Cluster;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>What silos know that the store does not: it is down, or slow.</summary>
public sealed class BehindTheStoreTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Read_StoreDownAndAnotherSiloWroteLast_IsTheNewestRecordAndNotTheOwnOne()
    {
        await using var silos = await TestSilos.Start(silos: 2);
        var (taker, runner) = (Records(silos, 0), Records(silos, 1));
        var key = RecordKey.Of(TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UtcNow));
        await Write(taker, key, version: 1, TaskState.Queued);
        await Write(runner, key, version: 2, TaskState.Succeeded);
        await silos.Redis.Kill();

        Assert.Equal(2, await VersionAt(taker, key));
        Assert.Equal(2, await VersionAt(runner, key));
    }

    /// <summary>A silo that died meanwhile may have finished it, and come back with that.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task Read_SoonAfterAnOutage_WhatIsUnfinishedMayBeOldWhereOtherSilosAre(short silosCount, bool mayBeOld)
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "What a store that is down does not tell may be old.");
        await using var silos = await TestSilos.Start(silosCount);
        var records = Records(silos, 0);
        var queue = new PartitionId(QueueName.Default, 0);
        var (open, ended) = (RecordKey.Of(TaskId.New(queue, DateTimeOffset.UtcNow)), RecordKey.Of(TaskId.New(queue, DateTimeOffset.UtcNow)));
        await Write(records, open, version: 1, TaskState.Queued);
        await Write(records, ended, version: 1, TaskState.Succeeded);
        Assert.False((await records.Read(open))!.Value.MayBeOld);

        await silos.Redis.Kill();
        await Deadline.Until("the outage is seen", Limit, () => Task.FromResult(silos.Health.State == StoreState.Down));
        await silos.Redis.Begin();
        await Deadline.Until("the store is back", Limit, () => Task.FromResult(silos.Health.State == StoreState.Healthy));

        Assert.Equal(mayBeOld, (await records.Read(open))!.Value.MayBeOld);
        Assert.False((await records.Read(ended))!.Value.MayBeOld);
    }

    [Fact]
    public async Task Submit_StoreSlow_JournalAnswersFasterThanTheStoreAndTheStoreGetsEverything()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "It has a store of its own.");
        var store = new SlowStore();
        await using var silos = await TestSilos.Start(services: s =>
        {
            s.AddSingleton<StoreCalls>(store);
            Witness.Register(s, new Witness());
        });
        await silos.End(await silos.Submit("note", "1"));
        store.IsSlow = true;

        List<TaskId> ids = [];
        var byJournal = 0;
        for (var i = 0; i < 30; i++)
        {
            var receipt = ((TaskAccepted)await silos.TrySubmit("note", "1")).Receipt;
            byJournal += receipt.Durability == Durability.Journal ? 1 : 0;
            ids.Add(receipt.TaskId);
        }

        foreach (var id in ids)
            Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
        store.IsSlow = false;

        Assert.True(byJournal >= 20, $"{byJournal} of 30 were answered by the journal");
        Assert.Equal(StoreState.Healthy, silos.Health.State);
        await Deadline.Until("the store counts every task as succeeded", Limit, async () =>
            (await Records(silos, 0).Count(new PartitionId(QueueName.Default, 0)))[(int)TaskState.Succeeded] == ids.Count + 1);
    }

    [Fact]
    public async Task Submit_StoreSlowAndNoJournal_TheStoreIsWaitedFor()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "It has a store of its own.");
        var store = new SlowStore { IsSlow = true };
        await using var silos = await TestSilos.Start(services: s =>
        {
            s.AddSingleton<StoreCalls>(store);
            s.AddSingleton<IJournal, NoJournal>();
            Witness.Register(s, new Witness());
        });
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => silos.TrySubmit("note", $"{i}")));
        store.IsSlow = false;

        Assert.All(outcomes, o => Assert.Equal(Durability.Redis, Assert.IsType<TaskAccepted>(o).Receipt.Durability));
    }

    /// <summary>After ten minutes of work a silo needs seconds to put back what it has: until then others see its tasks as they took them in.</summary>
    [Fact]
    public async Task Flush_OneSiloIsSlowToPutBackItsEnds_NothingRunsAgain()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "It has a store of its own.");
        var (stores, witness) = (new List<SlowStore>(), new Witness());
        await using var silos = await TestSilos.Start(silos: 2, services: s =>
        {
            var store = new SlowStore { Delay = TimeSpan.FromMilliseconds(500) };
            lock (stores)
                stores.Add(store);
            s.AddSingleton<StoreCalls>(store);
            Witness.Register(s, witness);
        });
        var first = await silos.Submit("note", "0");
        var queue = await silos.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(silos.Grains.GetPartition(first.Partition));
        var (here, other) = silos.Cluster.Silos[0].SiloAddress.Equals(queue) ? (0, 1) : (1, 0);
        // Taken in where the queue is, and half of them ended at the other one.
        var intake = Intake(silos, here);
        var ids = (await Task.WhenAll(Enumerable.Range(1, 1500).Select(i => Submit(intake, i)))).Append(first).ToArray();
        foreach (var id in ids)
            await silos.End(id);
        await silos.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero); // as after minutes: nobody remembers them

        var slow = (SlowStore)silos.Cluster.Silos[other].ServiceProvider.GetRequiredService<StoreCalls>();
        slow.IsSlow = true;
        await silos.Redis.Flush();
        await Deadline.Until("the store has every end again", Limit, async () =>
            silos.Health.State == StoreState.Healthy && (await Records(silos, here).Count(ids[0].Partition))[(int)TaskState.Succeeded] == ids.Length);
        slow.IsSlow = false;

        await silos.End(await silos.Submit("note", "-1")); // and the queue goes on
        Assert.Equal(ids.Length + 1, witness.Ran.Count);
    }

    /// <summary>The one that asks sees an empty store, and the one that ended the key's task has not put it back yet.</summary>
    [Fact]
    public async Task Flush_OneSiloIsSlowToPutBackAKey_ItsTaskDoesNotRunAgain()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "It has a store of its own.");
        var witness = new Witness();
        await using var silos = await TestSilos.Start(silos: 2, services: s =>
        {
            s.AddSingleton<StoreCalls>(new SlowStore { Delay = TimeSpan.FromMilliseconds(500) });
            Witness.Register(s, witness);
        });
        await silos.End(await Submit(Intake(silos, 0), 0));
        await silos.End(await Submit(Intake(silos, 1), 1)); // each has written there, and so sees that it is empty
        await Deadline.Until("all are in step", Limit, () => Task.FromResult(silos.Cluster.Silos.All(s => !s.ServiceProvider.GetRequiredService<IPeersInStep>().AreAwaited)));
        var id = await Submit(Intake(silos, 1), 2, "a key");
        await silos.End(id);
        await silos.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

        var slow = (SlowStore)silos.Cluster.Silos[1].ServiceProvider.GetRequiredService<StoreCalls>();
        slow.IsSlow = true;
        await silos.Redis.Flush();
        await Submit(Intake(silos, 0), 2, "a key");
        slow.IsSlow = false;

        await silos.End(await Submit(Intake(silos, 0), 3, "another key")); // which is told of once all are in step
        Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
        Assert.Equal(["0", "1", "2", "3"], witness.Ran);
    }

    private static IIntakeGrain Intake(TestSilos silos, int silo) => silos.Cluster.Silos[silo].ServiceProvider.GetRequiredService<IGrainFactory>().GetGrain<IIntakeGrain>(0);

    private static async Task<TaskId> Submit(IIntakeGrain intake, int number, string? key = null) => ((TaskAccepted)(await intake.Submit([new TaskSubmission
    {
        Id = key is null ? TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UtcNow) : TaskId.ForKey(QueueName.Default, 1, key),
        IdempotencyKey = key,
        Kind = TaskKind.Parse("note"),
        Payload = Encoding.UTF8.GetBytes($"{number}"),
        TraceId = TraceId.New(),
    }])).Single()).Receipt.TaskId;

    public static TheoryData<Exception> Breaks => [new InvalidOperationException("Writing is not allowed after writer was completed."), new IOException("reset"), new TaskCanceledException("gone"), new RankException("no name")];

    /// <summary>The store's client lets through what the socket and the pipe below it throw when a connection ends.</summary>
    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task Write_StoreThrowsAnything_JournalAnswersAndTheStoreGetsItLater(Exception exception)
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "It has a store of its own.");
        var store = new BrokenStore();
        await using var silos = await TestSilos.Start(services: s => s.AddSingleton<StoreCalls>(store));
        var records = Records(silos, 0);
        var queue = new PartitionId(QueueName.Default, 0);
        Assert.Equal(Durability.Redis, await Write(records, RecordKey.Of(TaskId.New(queue, DateTimeOffset.UtcNow)), version: 1, TaskState.Succeeded));
        store.Exception = exception;
        Assert.Equal(Durability.Journal, await Write(records, RecordKey.Of(TaskId.New(queue, DateTimeOffset.UtcNow)), version: 1, TaskState.Succeeded));
        store.Exception = null;

        await Deadline.Until("the store has both", Limit, async () =>
            silos.Health.State == StoreState.Healthy && (await records.Count(queue))[(int)TaskState.Succeeded] == 2);
    }

    private static IDurableRecords Records(TestSilos silos, int silo) => silos.Cluster.Silos[silo].ServiceProvider.GetRequiredService<IDurableRecords>();

    private static async Task<Durability> Write(IDurableRecords records, RecordKey key, long version, TaskState state)
    {
        var outcome = await records.Write(new RecordWrite
        {
            Key = key,
            Version = version,
            Base = version - 1,
            Writer = (ulong)version,
            Body = [1],
            Index = new IndexEntry(state, 1),
        });
        Assert.Equal(WriteResult.Stored, outcome.Result);
        return outcome.Durability;
    }

    private static async Task<long?> VersionAt(IDurableRecords records, RecordKey key) => (await records.Read(key))?.Header.Version;
}
