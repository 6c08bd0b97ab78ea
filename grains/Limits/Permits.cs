using MorningAI.Tasks;

namespace MorningAI.Limits;

/// <summary>What one limit has given out. Pure: the grain beside it brings the time, and tells who waits.</summary>
internal sealed class Permits
{
    /// <summary>A place that was offered to a waiting task is kept for so long.</summary>
    private static readonly TimeSpan OfferLasts = TimeSpan.FromSeconds(2);

    /// <summary>In one offer.</summary>
    public const int MostOffers = 1000;

    private readonly Dictionary<TaskId, DateTimeOffset> _given = [];
    private readonly Queue<DateTimeOffset> _offers = new();
    private readonly int? _concurrency;
    private readonly TokenBucket? _bucket;

    public Permits(Limit limit, DateTimeOffset now)
    {
        _concurrency = limit.Concurrency;
        _bucket = limit.Rate is { } rate ? new TokenBucket(rate, limit.Per, limit.Burst ?? rate, now) : null;
    }

    public int Running => _given.Count;

    public bool TryTake(TaskId task, DateTimeOffset now)
    {
        if (_given.ContainsKey(task))
            return true;
        if (_given.Count >= _concurrency || _bucket?.TryTake(now) == false)
            return false;
        _given.Add(task, now);
        _offers.TryDequeue(out _);
        return true;
    }

    /// <summary>It runs, whether there is room or not: it began before this was made.</summary>
    public void Found(TaskId task, DateTimeOffset now) => _given.TryAdd(task, now);

    public bool Release(TaskId task, bool unused)
    {
        if (!_given.Remove(task))
            return false;
        if (unused)
            _bucket?.GiveBack();
        return true;
    }

    /// <summary>How many that wait may be told to ask again. They are counted as about to come.</summary>
    public int Room(DateTimeOffset now)
    {
        while (_offers.TryPeek(out var until) && until <= now)
            _offers.Dequeue();
        var room = Math.Min(_concurrency - _given.Count ?? int.MaxValue, _bucket?.Count(now) ?? int.MaxValue);
        return Math.Clamp(room - _offers.Count, 0, MostOffers);
    }

    public void Offer(int count, DateTimeOffset now)
    {
        for (var i = 0; i < Math.Min(count, MostOffers); i++)
            _offers.Enqueue(now + OfferLasts);
    }

    /// <summary>Nobody was there to take so many of them.</summary>
    public void Withdraw(int count)
    {
        for (var i = 0; i < count && _offers.TryDequeue(out _); i++)
        {
        }
    }

    /// <summary>When there may be room again without anybody's release; null where that does not depend on time.</summary>
    public DateTimeOffset? NextAt(DateTimeOffset now)
    {
        if (_given.Count >= _concurrency)
            return null;
        var token = _bucket?.NextAt(now) ?? now;
        return _offers.TryPeek(out var offer) && offer > token ? offer : token;
    }

    /// <summary>By the rate alone; null for now.</summary>
    public DateTimeOffset? NextToken(DateTimeOffset now) => _bucket?.NextAt(now);

    /// <summary>Those given longest ago, where that was before a time: worth a question whether they still run.</summary>
    public TaskId[] Old(DateTimeOffset before, int most) => [.. _given.Where(g => g.Value < before).OrderBy(g => g.Value).Take(most).Select(g => g.Key)];

    /// <summary>It was asked, and runs: it is not asked again for a while.</summary>
    public void Confirm(TaskId task, DateTimeOffset now)
    {
        if (_given.ContainsKey(task))
            _given[task] = now;
    }
}
