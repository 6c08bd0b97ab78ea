using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Mixed;

/// <summary>What is special about a task of the mixed load.</summary>
internal enum MixedSort
{
    /// <summary>Not to be begun before its time.</summary>
    Delayed,

    /// <summary>Fails once or twice, and then succeeds.</summary>
    Flaky,

    /// <summary>Fails until its attempts are used up.</summary>
    Dying,

    /// <summary>Cancelled while it waits or runs.</summary>
    Cancelled,

    /// <summary>Shares an order key.</summary>
    Ordered,

    /// <summary>Shares a limit key.</summary>
    Limited,

    /// <summary>Submitted twice with one idempotency key.</summary>
    Keyed,

    /// <summary>Submitted by a schedule.</summary>
    Scheduled,
}

/// <summary>A task of the mixed load, as its submitter knows it.</summary>
internal sealed class MixedTask(MixedSort sort, TaskId id, DateTimeOffset submittedAt)
{
    public MixedSort Sort { get; } = sort;

    public TaskId Id { get; } = id;

    public DateTimeOffset SubmittedAt { get; } = submittedAt;

    /// <summary>What it shares with others.</summary>
    public string? Key { get; init; }

    /// <summary>Not to be begun before.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Attempts that fail.</summary>
    public int Fails { get; init; }

    /// <summary>The system said that it has it.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>When the system said that it is cancelled; null where it did not.</summary>
    public DateTimeOffset? CancelledAt { get; set; }

    /// <summary>What the system says of it in the end; null where it could not be read.</summary>
    public TaskState? Final { get; set; }

    /// <summary>Attempts begun, by the system's own word.</summary>
    public int Attempts { get; set; }

    /// <summary>It is known not to exist.</summary>
    public bool IsMissing { get; set; }
}

/// <summary>One run of the handler of a mixed task.</summary>
/// <param name="EndedAt">Null where it was cut off, or cancelled.</param>
/// <param name="Failed">As it was told to.</param>
internal sealed record MixedExecution(string Task, int Attempt, string Id, int Process, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool Failed);
