using MorningAI.Queues;

namespace MorningAI.Tests.Unit.Queues;

public sealed class HeldBackTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly HeldBack _held = new();

    [Fact]
    public void TryTakeFirst_OfALane_IsByRankAndLeavesTheOthers()
    {
        var (one, two, other) = (Entry(1), Entry(2), Entry(0));
        _held.Add(two, "queue:faq", Now);
        _held.Add(one, "queue:faq", Now);
        _held.Add(other, "kind:http", Now);

        Assert.True(_held.TryTakeFirst("queue:faq", out var first));
        Assert.Equal(one, first);
        Assert.Equal((2, 1, 1), (_held.Count, _held.CountOf("queue:faq"), _held.CountOf("kind:http")));
        Assert.True(_held.TryTakeFirst("queue:faq", out _));
        Assert.False(_held.TryTakeFirst("queue:faq", out _));
        Assert.True(_held.Contains(other.Task));
    }

    [Fact]
    public void Add_Twice_KeepsTheFirst()
    {
        var entry = Entry(1);
        _held.Add(entry, "a", Now);
        _held.Add(entry, "b", Now.AddSeconds(1));
        Assert.True(_held.TryGet(entry.Task, out var by, out var since));
        Assert.Equal(("a", Now, 0), (by, since, _held.CountOf("b")));
    }

    [Fact]
    public void Forgotten_LongThere_IsTheFirstOfEachLane()
    {
        var (early, late, young) = (Entry(1), Entry(2), Entry(1));
        _held.Add(late, "a", Now);
        _held.Add(early, "a", Now);
        _held.Add(young, "b", Now.AddSeconds(9));

        Assert.Equal([early], _held.Forgotten(Now.AddSeconds(5), 10));
        Assert.Equal(2, _held.Forgotten(Now.AddSeconds(10), 10).Length);
        Assert.Single(_held.Forgotten(Now.AddSeconds(10), 1));
    }

    [Fact]
    public void Oldest_OfAll_AreThoseThatWaitedLongest()
    {
        var (first, second, young) = (Entry(2), Entry(1), Entry(0));
        _held.Add(first, "order:a", Now);
        _held.Add(second, "order:a", Now.AddSeconds(1));
        _held.Add(young, "order:a", Now.AddSeconds(60));
        Assert.Equal([first, second], _held.Oldest(Now.AddSeconds(30), 10));
        Assert.Equal([first], _held.Oldest(Now.AddSeconds(30), 1));
    }

    [Fact]
    public void Remove_TheLast_LeavesNoLane()
    {
        var entry = Entry(1);
        _held.Add(entry, "a", Now);
        Assert.Equal([new HeldLane("a", 1, Now)], _held.Lanes(5));
        Assert.True(_held.Remove(entry.Task));
        Assert.Empty(_held.Lanes(5));
        Assert.False(_held.Remove(entry.Task));
    }

    private static QueueEntry Entry(long rank) => new(Guid.NewGuid(), new QueueRank(rank));
}
