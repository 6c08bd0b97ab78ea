namespace MorningAI.Queues;

/// <summary>Tasks that a worker could not begin just now, until they may be tried again.</summary>
internal sealed class PausedTasks
{
    private readonly PriorityQueue<QueueEntry, DateTimeOffset> _due = new();
    private readonly HashSet<Guid> _tasks = [];

    public int Count => _tasks.Count;

    public bool Contains(Guid task) => _tasks.Contains(task);

    public void Add(QueueEntry entry, DateTimeOffset until)
    {
        if (_tasks.Add(entry.Task))
            _due.Enqueue(entry, until);
    }

    public void Remove(Guid task)
    {
        if (_tasks.Remove(task))
            _due.Remove(_due.UnorderedItems.First(i => i.Element.Task == task).Element, out _, out _);
    }

    public bool TryTake(DateTimeOffset now, out QueueEntry entry)
    {
        if (!_due.TryPeek(out entry, out var until) || until > now)
            return false;
        _due.Dequeue();
        _tasks.Remove(entry.Task);
        return true;
    }
}
