using MorningAI.Workers;

namespace MorningAI.Queues;

/// <summary>
/// What a partition knows of one worker. The window is absolute (the most tasks of this partition that may be there),
/// so a lost or repeated message cannot leak a credit.
/// </summary>
internal sealed class WorkerLink(WorkerId worker)
{
    public WorkerId Worker { get; } = worker;

    public int Window { get; set; }

    /// <summary>Tasks of this partition assigned to it.</summary>
    public int Assigned { get; set; }

    /// <summary>A call ended without an answer: what it holds is not known until it has been asked again.</summary>
    public bool InDoubt { get; set; }

    /// <summary>What its silo has acknowledged the store may not show yet: an end, too, of a task that is stored as queued.</summary>
    public bool IsBehind { get; set; }

    /// <summary>Pushes that have not been answered yet. While there are any, what it says it holds may lack them.</summary>
    public int Unanswered { get; set; }

    /// <summary>When it was last asked what it holds.</summary>
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>Assigned to it, and not there when it was last asked: unless their release is on its way, it went to an earlier life of the partition.</summary>
    public Guid[] Missed { get; set; } = [];

    /// <summary>How many more it may be sent now. With two pushes under way the next waits, and is a larger batch.</summary>
    public int Credits => InDoubt || Unanswered >= 2 ? 0 : Math.Max(0, Window - Assigned);
}
