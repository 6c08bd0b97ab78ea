namespace MorningAI.Schedules;

/// <summary>Which schedule is to be woken when. In memory; not for more than one thread at a time.</summary>
internal sealed class DueTimes
{
    private readonly Dictionary<ScheduleName, Entry> _entries = [];
    private readonly PriorityQueue<(ScheduleName Name, DateTimeOffset Due), DateTimeOffset> _order = new();

    /// <summary>To be woken then, whatever was planned before; what a waking that is under way answers counts no more.</summary>
    public void Plan(ScheduleName name, DateTimeOffset due)
    {
        if (!_entries.TryGetValue(name, out var entry))
            _entries[name] = entry = new Entry();
        entry.Due = due;
        if (!entry.IsUnderWay)
            _order.Enqueue((name, due), due);
    }

    /// <summary>The one that is to be woken first, if its time has come. It is under way until <see cref="Settle"/>.</summary>
    public bool TryTake(DateTimeOffset now, out ScheduleName name)
    {
        while (_order.TryPeek(out var first, out var due) && due <= now)
        {
            _order.Dequeue();
            name = first.Name;
            // Planned otherwise since then, or dropped: its other place counts.
            if (!_entries.TryGetValue(name, out var entry) || entry.IsUnderWay || entry.Due != due)
                continue;
            (entry.IsUnderWay, entry.Due) = (true, null);
            return true;
        }

        name = default;
        return false;
    }

    /// <summary>The waking is over.</summary>
    /// <param name="next">When to wake it again; null for not until it is planned.</param>
    /// <returns>False where it was planned anew meanwhile, and that counts.</returns>
    public bool Settle(ScheduleName name, DateTimeOffset? next)
    {
        if (!_entries.TryGetValue(name, out var entry))
            return false;
        entry.IsUnderWay = false;
        var asAnswered = entry.Due is null;
        if ((entry.Due ?? next) is { } due)
            Plan(name, due);
        return asAnswered;
    }

    /// <summary>Whether it is to be woken at no time.</summary>
    public bool IsParked(ScheduleName name) => _entries.TryGetValue(name, out var entry) && entry is { Due: null, IsUnderWay: false };

    public void Drop(ScheduleName name) => _entries.Remove(name);

    private sealed class Entry
    {
        public DateTimeOffset? Due { get; set; }

        public bool IsUnderWay { get; set; }
    }
}
