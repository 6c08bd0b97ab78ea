namespace MorningAI.Queues;

/// <summary>How queues are laid out and dispatched. The same on every silo.</summary>
public sealed class QueueOptions
{
    /// <summary>Partitions by queue name, for those that have more than <see cref="Partitions"/>. Changing a queue's number moves its idempotency keys.</summary>
    public Dictionary<string, int> PartitionsByQueue { get; set; } = [];

    /// <summary>Partitions of every other queue. Order is kept within a partition only. Default: 1.</summary>
    public int Partitions { get; set; } = 1;

    /// <summary>The most tasks in one push. Default: 64.</summary>
    public int MaxPush { get; set; } = 64;

    /// <summary>How often a partition looks for new and lost workers. Default: 1 s.</summary>
    public TimeSpan Tick { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a partition compares itself with what is stored, and takes in what it missed. Default: 15 s.</summary>
    public TimeSpan Sweep { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a partition waits for one worker or task to answer while it looks after them; the next tick asks again. Default: 3 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(3);

    public int PartitionsOf(QueueName queue) => PartitionsByQueue.GetValueOrDefault(queue.Value, Partitions);
}
