using System.Diagnostics.CodeAnalysis;

namespace MorningAI.Queues;

/// <summary>
/// The tasks of a partition that are ready, by rank. About 90 bytes a task. A task that is removed leaves its heap entry
/// behind, which is passed over when it comes up.
/// </summary>
public sealed class QueueOrder
{
    private readonly PriorityQueue<Guid, long> _heap = new();
    private readonly Dictionary<Guid, long> _ranks = [];

    public int Count => _ranks.Count;

    /// <returns>False where the task is there already.</returns>
    public bool Add(QueueEntry entry)
    {
        if (!_ranks.TryAdd(entry.Task, entry.Order.Value))
            return false;
        _heap.Enqueue(entry.Task, entry.Order.Value);
        return true;
    }

    public bool Contains(Guid task) => _ranks.ContainsKey(task);

    /// <summary>Any of them, for whoever takes them all.</summary>
    public Guid[] Some(int most) => [.. _ranks.Keys.Take(most)];

    /// <summary>How many go before it. Looks at all: for people who ask, not for the way of a task.</summary>
    /// <returns>False where it is not here.</returns>
    public bool TryCountAhead(Guid task, out int ahead)
    {
        var found = _ranks.TryGetValue(task, out var rank);
        ahead = found ? _ranks.Values.Count(r => r < rank) : 0;
        return found;
    }

    public bool Remove(Guid task)
    {
        if (!_ranks.Remove(task))
            return false;
        if (_heap.Count > 64 && _heap.Count > 4 * _ranks.Count)
            DropLeftovers();
        return true;
    }

    /// <summary>Takes the first in order.</summary>
    public bool TryTake(out QueueEntry entry)
    {
        while (_heap.TryDequeue(out var task, out var rank))
        {
            if (!IsCurrent(task, rank))
                continue;
            _ranks.Remove(task);
            entry = new QueueEntry(task, new QueueRank(rank));
            return true;
        }

        entry = default;
        return false;
    }

    public bool TryPeek([NotNullWhen(true)] out QueueEntry? entry)
    {
        while (_heap.TryPeek(out var task, out var rank))
        {
            if (IsCurrent(task, rank))
            {
                entry = new QueueEntry(task, new QueueRank(rank));
                return true;
            }

            _heap.Dequeue();
        }

        entry = null;
        return false;
    }

    private bool IsCurrent(Guid task, long rank) => _ranks.TryGetValue(task, out var current) && current == rank;

    private void DropLeftovers()
    {
        _heap.Clear();
        _heap.EnqueueRange(_ranks.Select(r => (r.Key, r.Value)));
    }
}
