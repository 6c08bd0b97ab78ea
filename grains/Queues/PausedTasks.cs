namespace MorningAI.Queues;

/// <summary>
/// Tasks that are not to be begun before a time: scheduled ones, and those that a worker could not begin just now. About
/// 120 bytes a task. One that is removed leaves its heap entry behind, which is passed over when it comes up.
/// </summary>
internal sealed class PausedTasks
{
    private readonly PriorityQueue<Guid, DateTimeOffset> _due = new();
    private readonly Dictionary<Guid, (QueueRank Rank, DateTimeOffset Until)> _tasks = [];

    public int Count => _tasks.Count;

    /// <summary>When the next one comes up; null for never.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            DropLeftovers();
            return _due.TryPeek(out _, out var until) ? until : null;
        }
    }

    public bool Contains(Guid task) => _tasks.ContainsKey(task);

    public bool TryGet(Guid task, out DateTimeOffset until)
    {
        var found = _tasks.TryGetValue(task, out var paused);
        until = paused.Until;
        return found;
    }

    /// <summary>Any of them, for whoever takes them all.</summary>
    public Guid[] Some(int most) => [.. _tasks.Keys.Take(most)];

    public void Add(QueueEntry entry, DateTimeOffset until)
    {
        if (_tasks.TryAdd(entry.Task, (entry.Order, until)))
            _due.Enqueue(entry.Task, until);
    }

    public void Remove(Guid task) => _tasks.Remove(task);

    public bool TryTake(DateTimeOffset now, out QueueEntry entry)
    {
        DropLeftovers();
        entry = default;
        if (!_due.TryPeek(out var task, out var until) || until > now)
            return false;
        _due.Dequeue();
        _tasks.Remove(task, out var paused);
        entry = new QueueEntry(task, paused.Rank);
        return true;
    }

    private void DropLeftovers()
    {
        while (_due.TryPeek(out var task, out var until) && !(_tasks.TryGetValue(task, out var paused) && paused.Until == until))
            _due.Dequeue();
    }
}
