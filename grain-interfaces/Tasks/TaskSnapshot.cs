using MorningAI.Queues;
using MorningAI.Workers;

namespace MorningAI.Tasks;

/// <summary>All that may be known of a task at one moment.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskSnapshot")]
public sealed record TaskSnapshot
{
    [Id(0)] public required TaskId Id { get; init; }
    [Id(1)] public required TaskKind Kind { get; init; }
    [Id(2)] public required TaskState State { get; init; }
    [Id(3)] public required TaskPriority Priority { get; init; }
    [Id(4)] public required TraceId TraceId { get; init; }

    /// <summary>Attempts begun so far; 0 before the first.</summary>
    [Id(5)] public int Attempt { get; init; }

    /// <summary>The handler's result as UTF-8 JSON; null unless succeeded.</summary>
    [Id(6)] public byte[]? Result { get; init; }

    /// <summary>Of the last attempt that failed; also while the next one is waited for.</summary>
    [Id(7)] public TaskError? Error { get; init; }

    /// <summary>Why the result is second best (a fallback wrote it); null when it is not.</summary>
    [Id(8)] public string? Degraded { get; init; }

    [Id(9)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(10)] public DateTimeOffset? StartedAt { get; init; }
    [Id(11)] public DateTimeOffset? FinishedAt { get; init; }
    [Id(12)] public TaskProgress? Progress { get; init; }
    [Id(13)] public required IReadOnlyList<TaskEvent> History { get; init; }

    /// <summary>Grows with every change, progress included. <see cref="ITaskGrain.Watch"/> waits for a larger one.</summary>
    [Id(14)] public required long Revision { get; init; }

    /// <summary>The worker that runs it now; null unless running.</summary>
    [Id(15)] public WorkerId? HeldBy { get; init; }

    /// <summary>When it may be begun; null unless scheduled.</summary>
    [Id(16)] public DateTimeOffset? DueAt { get; init; }

    [Id(17)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>What the handler logged; null for nothing.</summary>
    [Id(18)] public TaskTrail? Trail { get; init; }

    /// <summary>Null for a task that has none.</summary>
    [Id(40)] public TaskMarks? Marks { get; init; }

    public QueueName Queue => Id.Queue;
}

/// <summary>How far a running attempt says it is.</summary>
/// <param name="Fraction">0 to 1.</param>
[GenerateSerializer, Immutable, Alias("mai.TaskProgress")]
public sealed record TaskProgress([property: Id(0)] double Fraction, [property: Id(1)] string? Message);

/// <summary>One line of a task's history.</summary>
/// <param name="Attempt">The attempt it speaks of; 0 for none.</param>
[GenerateSerializer, OmitDefaultMemberValues, Immutable, Alias("mai.TaskEvent")]
public sealed record TaskEvent(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] TaskState State,
    [property: Id(2)] int Attempt,
    [property: Id(3)] string? Note);
