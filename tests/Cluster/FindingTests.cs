using MorningAI.Finding;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Lists of tasks, page by page, on a real Redis.</summary>
public sealed class FindingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Witness _witness = new();

    [Fact]
    public async Task Find_PageByPageWhileTasksComeAndGo_EachThatStaysIsThereOnceAndInOrder()
    {
        await using var silos = await Start();
        List<TaskId> ids = [];
        for (var i = 0; i < 40; i++)
            ids.Add(await Later(silos, 600)); // a score of whole milliseconds: some have the same
        var found = new List<TaskId>();
        string? after = null;
        do
        {
            var page = await Find(silos, new TaskQuery { State = TaskState.Scheduled }, after, 7);
            found.AddRange(page.Tasks.Select(t => t.Id));
            after = page.Next;
            if (found.Count == 14)
            {
                await silos.Grains.GetTask(found[13]).Cancel(null); // where the list goes on
                await silos.Grains.GetTask(found[0]).Cancel(null);
                await Later(silos, 1); // before it
            }
        }
        while (after is not null);

        Assert.Equal(ids.Count, found.Distinct().Count());
        Assert.Equal(ids.Order(Comparer<TaskId>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))), found.Order(Comparer<TaskId>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))));
    }

    [Fact]
    public async Task Find_ByStateKindQueueAndTime_HasThoseAndNoOthers()
    {
        await using var silos = await Start();
        var first = await silos.End(await silos.Submit("note", "1"));
        var second = await silos.End(await silos.Submit("echo", "2"));
        var third = await silos.End(await silos.Submit("note", "3"));
        await Deadline.Until("they are stored", Limit, async () => (await All(silos, new TaskQuery())).Length == 3);

        Assert.Equal([third.Id, second.Id, first.Id], await All(silos, new TaskQuery { State = TaskState.Succeeded })); // newest first
        Assert.Equal([third.Id, first.Id], await All(silos, new TaskQuery { Kind = TaskKind.Parse("note") }));
        Assert.Equal([third.Id, second.Id], await All(silos, new TaskQuery { From = second.CreatedAt }));
        Assert.Equal([first.Id], await All(silos, new TaskQuery { To = second.CreatedAt }));
        Assert.Empty(await All(silos, new TaskQuery { Queue = QueueName.Parse("elsewhere") }));
        Assert.Empty(await All(silos, new TaskQuery { State = TaskState.Dead }));
    }

    [Fact]
    public async Task Find_RedisIsDead_IsUnavailableAndNeverAnEmptyList()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "1"));
        await silos.Redis.Kill();
        await Deadline.Until("the outage is known", Limit, () => Task.FromResult(silos.Health.State != StoreState.Healthy));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => silos.Grains.GetGrain<ITaskFinderGrain>(0).Find(new TaskQuery(), null, 10));
    }

    [Fact]
    public async Task Find_WrongPageOrPlace_NamesTheField()
    {
        await using var silos = await Start();
        Assert.Equal("take", Assert.IsType<FindRefused>(await silos.Grains.GetGrain<ITaskFinderGrain>(0).Find(new TaskQuery(), null, 0)).Field);
        Assert.Equal("after", Assert.IsType<FindRefused>(await silos.Grains.GetGrain<ITaskFinderGrain>(0).Find(new TaskQuery(), "nonsense", 1)).Field);
    }

    private static async Task<TasksFound> Find(TestSilos silos, TaskQuery query, string? after, int take)
    {
        TasksFound? found = null;
        await Deadline.Until("the index can be read", Limit, async () =>
        {
            try
            {
                found = Assert.IsType<TasksFound>(await silos.Grains.GetGrain<ITaskFinderGrain>(0).Find(query, after, take));
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false; // a store that fails now and then
            }
        });
        return found!;
    }

    private static async Task<TaskId[]> All(TestSilos silos, TaskQuery query)
    {
        List<TaskId> ids = [];
        string? after = null;
        do
        {
            var page = await Find(silos, query, after, 2);
            ids.AddRange(page.Tasks.Select(t => t.Id));
            after = page.Next;
        }
        while (after is not null);
        return [.. ids];
    }

    private static async Task<TaskId> Later(TestSilos silos, double seconds) =>
        ((Intake.TaskAccepted)await silos.TrySubmit("note", "1", more: s => s with { Delay = TimeSpan.FromSeconds(seconds) })).Receipt.TaskId;

    private Task<TestSilos> Start() => TestSilos.Start(services: s => Witness.Register(s, _witness));
}
