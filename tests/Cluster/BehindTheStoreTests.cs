using Microsoft.Extensions.DependencyInjection;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>What silos know that the store does not: it is down, or slow.</summary>
public sealed class BehindTheStoreTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

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

    private static IDurableRecords Records(TestSilos silos, int silo) => silos.Cluster.Silos[silo].ServiceProvider.GetRequiredService<IDurableRecords>();

    private static async Task Write(IDurableRecords records, RecordKey key, long version, TaskState state)
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
    }

    private static async Task<long?> VersionAt(IDurableRecords records, RecordKey key) => (await records.Read(key))?.Header.Version;
}
