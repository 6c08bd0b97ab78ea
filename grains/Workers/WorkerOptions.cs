using MorningAI.Queues;

namespace MorningAI.Workers;

/// <summary>How a silo's worker works, and when workers count as gone.</summary>
public sealed class WorkerOptions
{
    /// <summary>Attempts at a time on one silo. Default: 64: agent work waits for models and networks, not for the processor.</summary>
    public int Concurrency { get; set; } = 64;

    /// <summary>False for a silo that only takes tasks in: its worker runs nothing. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The queues that this silo's worker serves. Default: empty, all.</summary>
    public List<string> Queues { get; set; } = [];

    /// <summary>By queue: how large its share of the slots is where several have work, 1 to 1000. Default: 1.</summary>
    public Dictionary<string, int> Weights { get; set; } = [];

    public bool Serves(QueueName queue) => Enabled && (Queues.Count == 0 || Queues.Contains(queue.Value));

    /// <summary>How often a worker beats, in memory. Default: 1 s: one message, and what people see of a worker is never older.</summary>
    public TimeSpan Beat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The dead man's switch: a reminder that runs wherever there is a silo left. Default: 1 min, the shortest that Orleans allows.</summary>
    public TimeSpan DeadMansSwitch { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>No beat for longer than this is stale. Default: 120 s, as in the original.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(120);

    /// <summary>No beat for longer than this and the worker is removed from the list. Default: 600 s, as in the original.</summary>
    public TimeSpan RemoveAfter { get; set; } = TimeSpan.FromSeconds(600);

    /// <summary>How long a handler has, after its token was cancelled, before it is abandoned. Default: 5 s.</summary>
    public TimeSpan AbandonAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo that shuts down lets running attempts finish before it hands them back. Default: 25 s, under Kubernetes' 30 s.</summary>
    public TimeSpan DrainGrace { get; set; } = TimeSpan.FromSeconds(25);
}
