using System.Diagnostics.CodeAnalysis;

namespace MorningAI.Queues;

/// <summary>
/// Tasks that are ready but for a limit or their order, in a lane for each of those, by rank. What held them is only known
/// once they asked to begin: a partition knows of its tasks no more than id and rank.
/// </summary>
internal sealed class HeldBack
{
    private readonly Dictionary<Guid, Held> _tasks = [];
    private readonly Dictionary<string, SortedSet<(long Rank, Guid Task)>> _lanes = [];

    public int Count => _tasks.Count;

    public bool Contains(Guid task) => _tasks.ContainsKey(task);

    public bool TryGet(Guid task, [NotNullWhen(true)] out string? by, out DateTimeOffset since)
    {
        var found = _tasks.TryGetValue(task, out var held);
        (by, since) = (held.By, held.Since);
        return found && by is not null;
    }

    public void Add(QueueEntry entry, string by, DateTimeOffset now)
    {
        if (!_tasks.TryAdd(entry.Task, new Held(entry.Order, by, now)))
            return;
        if (!_lanes.TryGetValue(by, out var lane))
            _lanes[by] = lane = [];
        lane.Add((entry.Order.Value, entry.Task));
    }

    public bool Remove(Guid task) => TryTake(task, out _);

    public bool TryTake(Guid task, out QueueEntry entry)
    {
        if (!_tasks.Remove(task, out var held))
        {
            entry = default;
            return false;
        }

        var lane = _lanes[held.By];
        lane.Remove((held.Rank.Value, task));
        if (lane.Count == 0)
            _lanes.Remove(held.By);
        entry = new QueueEntry(task, held.Rank);
        return true;
    }

    /// <summary>The first of a lane.</summary>
    public bool TryTakeFirst(string by, out QueueEntry entry)
    {
        entry = default;
        return _lanes.TryGetValue(by, out var lane) && TryTake(lane.Min.Task, out entry);
    }

    public int CountOf(string by) => _lanes.TryGetValue(by, out var lane) ? lane.Count : 0;

    /// <summary>Any of them, for whoever takes them all.</summary>
    public Guid[] Some(int most) => [.. _tasks.Keys.Take(most)];

    /// <summary>The first of each lane where it has waited since before: whoever was to wake it may be gone.</summary>
    public QueueEntry[] Forgotten(DateTimeOffset before, int most)
    {
        if (_tasks.Count == 0)
            return [];
        return
        [
            .. _lanes.Values.Select(lane => lane.Min.Task).Where(task => _tasks[task].Since < before)
                .Take(most)
                .Select(task => new QueueEntry(task, _tasks[task].Rank)),
        ];
    }

    /// <summary>Those that have waited longest, where that is since before: of an order the first by rank need not be the next. Looks at all.</summary>
    public QueueEntry[] Oldest(DateTimeOffset before, int most) =>
    [
        .. _tasks.Where(t => t.Value.Since < before).OrderBy(t => t.Value.Since).Take(most).Select(t => new QueueEntry(t.Key, t.Value.Rank)),
    ];

    /// <summary>The fullest lanes.</summary>
    public HeldLane[] Lanes(int most) =>
    [
        .. _lanes.OrderByDescending(l => l.Value.Count)
            .Take(most)
            .Select(l => new HeldLane(l.Key, l.Value.Count, l.Value.Min(t => _tasks[t.Task].Since))),
    ];

    private readonly record struct Held(QueueRank Rank, string By, DateTimeOffset Since);
}
