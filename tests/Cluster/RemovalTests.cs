using Microsoft.Extensions.DependencyInjection;
using MorningAI.Finding;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Tasks that are deleted, or removed as their time is over; and what is done with many of them. On a real Redis, its death and emptiness.</summary>
public sealed class RemovalTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Witness _witness = new();

    [Fact]
    public async Task Delete_Ended_IsFoundByNobodyAndDoesNotComeBack()
    {
        await using var silos = await Start();
        var (gone, stays) = (await silos.Submit("note", "1"), await silos.Submit("note", "2"));
        await silos.End(gone);
        await silos.End(stays);

        Assert.Equal(new DeleteOutcome(true, TaskState.Succeeded), await Call(silos, gone, t => t.Delete()));
        Assert.Equal(new DeleteOutcome(false, null), await Call(silos, gone, t => t.Delete()));
        Assert.Null(await Call(silos, gone, t => t.Get()));
        Assert.Null(await Call(silos, gone, t => t.GetPayload()));
        Assert.Equal("2"u8.ToArray(), await Call(silos, stays, t => t.GetPayload()));
        Assert.Equal([stays], await List(silos));
        Assert.IsType<RetryRefused>(await Call(silos, gone, t => t.Retry()));

        await silos.Redis.Kill();
        await silos.Redis.BeginEmpty();
        await Whole(silos);
        await Deadline.Until("what is left is listed again", Limit, async () => (await List(silos)).SequenceEqual([stays]));
        Assert.Null(await Call(silos, gone, t => t.Get()));
        Assert.Equal(2, _witness.Ran.Count);
    }

    [Fact]
    public async Task Delete_InAnOutage_HoldsAfterwards()
    {
        await using var silos = await Start();
        var id = await silos.Submit("note", "1");
        await silos.End(id);
        await silos.Redis.Kill();
        Assert.True((await Call(silos, id, t => t.Delete())).Deleted);
        Assert.Null(await Call(silos, id, t => t.Get()));
        await silos.Redis.Begin();
        await Whole(silos);
        Assert.Null(await Call(silos, id, t => t.Get()));
        Assert.Empty(await List(silos));
    }

    [Fact]
    public async Task Delete_NotEnded_IsRefused()
    {
        await using var silos = await Start();
        var id = await silos.Submit("hold", "1");
        await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Count == 1));
        Assert.Equal(new DeleteOutcome(false, TaskState.Running), await Call(silos, id, t => t.Delete()));
        _witness.Gate.SetResult();
        await silos.End(id);
    }

    [Fact]
    public async Task Purge_OldOnes_AreGoneWithTheirPlacesAndTheOthersStay()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "How many a call removed whose answer is lost cannot be known.");
        await using var silos = await Start();
        var records = silos.Cluster.Silos[0].ServiceProvider.GetRequiredService<DurableRecords>();
        var ended = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => silos.Submit("note", $"{i}")));
        foreach (var id in ended)
            await silos.End(id);
        await Deadline.Until("they are listed", Limit, async () => (await List(silos)).Length == 12);
        var until = DateTimeOffset.UtcNow.AddSeconds(1).ToUnixTimeMilliseconds();

        Assert.Equal(0, await records.Purge(ended[0].Partition, TaskState.Succeeded, 1, 100));
        Assert.Equal(0, await records.Purge(ended[0].Partition, TaskState.Failed, until, 100));
        Assert.Equal(5, await records.Purge(ended[0].Partition, TaskState.Succeeded, until, 5));
        Assert.Equal(7, (await List(silos)).Length);
        Assert.Equal(7, await records.Purge(ended[0].Partition, TaskState.Succeeded, until, 100));

        Assert.Empty(await List(silos));
        Assert.Equal(0, (await records.Count(ended[0].Partition)).Sum());
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await records.Purge(ended[0].Partition, TaskState.Queued, until, 100));
    }

    [Fact]
    public async Task Act_Many_DryRunFirstThenDoneOnce()
    {
        await using var silos = await Start();
        await silos.Grains.GetQueueDirectory().Decide(QueueName.Default, QueueCommand.Pause, null, null);
        var tagged = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => Submit(silos, $"{i}", "blue", $"n{i}")));
        await Submit(silos, "9", "red");
        var query = new TaskQuery { State = TaskState.Queued, Tag = "blue" };

        var dry = await Act(silos, query, BulkAction.Cancel, dryRun: true);
        var done = await Act(silos, query, BulkAction.Cancel, dryRun: false);
        var again = await Act(silos, query, BulkAction.Cancel, dryRun: false);
        var deleted = await Act(silos, new TaskQuery { Tag = "n3" }, BulkAction.Delete, dryRun: false);
        var retried = await Act(silos, new TaskQuery { Tag = "blue" }, BulkAction.Retry, dryRun: false);

        Assert.Equal(tagged.ToHashSet(), dry.ToHashSet());
        Assert.Equal(tagged.ToHashSet(), done.ToHashSet());
        Assert.Empty(again);
        Assert.Equal([tagged[3]], deleted);
        Assert.Equal(4, retried.Except(tagged).Count());
        Assert.Equal(["blue", "n0"], (await Call(silos, retried.Single(r => r == Resubmitted(tagged[0])), t => t.Get()))!.Marks!.Tags);
        await silos.Grains.GetQueueDirectory().Decide(QueueName.Default, QueueCommand.Resume, null, null);
        foreach (var id in retried)
            await silos.End(id);
        Assert.Equal(["0", "1", "2", "4", "9"], _witness.Ran.Order());
    }

    private static TaskId Resubmitted(TaskId id) => MorningAI.Tasks.Resubmission.IdAfter(id);

    private static async Task<TaskId[]> Act(TestSilos silos, TaskQuery query, BulkAction action, bool dryRun)
    {
        List<TaskId> all = [];
        string? after = null;
        do
        {
            var slice = Assert.IsType<BulkDone>(await Patiently(() => silos.Grains.GetGrain<ITaskFinderGrain>(0).Act(query, action, null, dryRun, after, 2)));
            Assert.Equal(0, slice.Failed);
            all.AddRange(slice.Done);
            after = slice.Next;
        }
        while (after is not null);
        return [.. all];
    }

    private static async Task<TaskId[]> List(TestSilos silos) =>
        [.. Assert.IsType<TasksFound>(await Patiently(() => silos.Grains.GetGrain<ITaskFinderGrain>(0).Find(new TaskQuery(), null, 1000))).Tasks.Select(t => t.Id)];

    private static Task<T> Call<T>(TestSilos silos, TaskId id, Func<ITaskGrain, Task<T>> call) => Patiently(() => call(silos.Grains.GetTask(id)));

    /// <summary>The store may be busy getting back what it missed, or fail a call in the run with faults.</summary>
    private static async Task<T> Patiently<T>(Func<Task<T>> call)
    {
        var answer = default(T);
        await Deadline.Until("an answer", Limit, async () =>
        {
            try
            {
                answer = await call();
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        });
        return answer!;
    }

    private static async Task<TaskId> Submit(TestSilos silos, string payload, params string[] tags) =>
        ((TaskAccepted)await silos.TrySubmit("note", payload, more: s => s with { Tags = tags })).Receipt.TaskId;

    private static Task Whole(TestSilos silos) =>
        Deadline.Until("the store is whole", Limit, () => Task.FromResult(silos.Health.State == StoreState.Healthy));

    private Task<TestSilos> Start() => TestSilos.Start(services: s => Witness.Register(s, _witness));
}
