namespace MorningAI.Queues;

/// <summary>Tasks that a worker could not begin just now, until they may be tried again.</summary>
internal sealed class PausedTasks
{
    private readonly PriorityQueue<QueueEntry, DateTimeOffset> _due = new();

    public int Count => _due.Count;

    public void Add(QueueEntry entry, DateTimeOffset until) => _due.Enqueue(entry, until);

    public bool TryTake(DateTimeOffset now, out QueueEntry entry)
    {
        if (_due.TryPeek(out entry, out var until) && until <= now)
            return _due.TryDequeue(out entry, out _);
        return false;
    }
}
