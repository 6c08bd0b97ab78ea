using MorningAI.Cli.Input;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Cli.Silos;

internal sealed record Question(string Text, string? Repo);

internal sealed record Submission
{
    public required TaskKind Kind { get; init; }
    public required JsonText Payload { get; init; }
    public QueueName? Queue { get; init; }
    public TaskPriority? Priority { get; init; }

    /// <summary>1 to 256 characters: the same key in the same queue is the same task.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The limit for one attempt.</summary>
    public TimeSpan? Timeout { get; init; }

    public TimeSpan? Delay { get; init; }

    public DateTimeOffset? DueAt { get; init; }

    /// <summary>From now.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Null for none.</summary>
    public string[]? Tags { get; init; }

    public string? OrderKey { get; init; }

    public string? LimitKey { get; init; }

    public string? UniqueKey { get; init; }

    /// <summary>done or started.</summary>
    public string? UniqueUntil { get; init; }

    /// <summary>Null for the kind's own.</summary>
    public RetryBody? Retry { get; init; }
}

internal sealed record TaskDeletedView(TaskId Deleted);

/// <summary>The task that a retry by hand will run.</summary>
internal sealed record RetriedView(TaskId TaskId, TaskState Status);

/// <summary>The silo's proof that it has the task.</summary>
/// <param name="Durability">Where it was safe when this was written: <c>redis</c> (the store) or <c>journal</c>.</param>
internal sealed record Receipt(TaskId TaskId, string? TraceId, TaskState Status, string? Durability);
