using System.Collections.Immutable;
using MorningAI.Queues;
using MorningAI.Storage;

namespace MorningAI.Tasks;

/// <summary>A task as it is stored. Immutable: <see cref="TaskRules"/> makes the next one. Ids are only ever appended.</summary>
[GenerateSerializer, OmitDefaultMemberValues, Immutable, Alias("mai.TaskRecord")]
public sealed record TaskRecord
{
    [Id(0)] public required TaskKind Kind { get; init; }
    [Id(1)] public required TaskState State { get; init; }
    [Id(2)] public required QueueRank Rank { get; init; }
    [Id(3)] public required TraceId TraceId { get; init; }
    [Id(4)] public string? ParentSpan { get; init; }
    [Id(5)] public required byte[] Payload { get; init; }
    [Id(6)] public TimeSpan? Timeout { get; init; }
    [Id(7)] public string? IdempotencyKey { get; init; }
    [Id(8)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(9)] public DateTimeOffset? StartedAt { get; init; }
    [Id(10)] public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Attempts begun.</summary>
    [Id(11)] public int Attempts { get; init; }

    /// <summary>The attempt under way; null unless running.</summary>
    [Id(12)] public AttemptRef? Current { get; init; }

    /// <summary>How often a worker died while it held this task.</summary>
    [Id(13)] public int WorkersLost { get; init; }

    [Id(14)] public byte[]? Result { get; init; }
    [Id(15)] public TaskError? Error { get; init; }
    [Id(16)] public string? Degraded { get; init; }
    [Id(17)] public ImmutableArray<TaskEvent> History { get; init; } = [];

    /// <summary>The attempt whose report was taken last: lets a repeat of it be told from a report of an attempt that was ended otherwise.</summary>
    [Id(18)] public AttemptRef? Ended { get; init; }

    /// <summary>What a blocked task waits for; null unless blocked.</summary>
    [Id(19)] public string? BlockedBy { get; init; }

    /// <summary>Steps that are done, in order; empty once the task has succeeded or was cancelled, and needs them no more.</summary>
    [Id(20)] public ImmutableArray<StepResult> Steps { get; init; } = [];

    /// <summary>When it may be begun; null unless scheduled, or blocked with a time to wait for after that.</summary>
    [Id(21)] public DateTimeOffset? DueAt { get; init; }

    [Id(22)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>Null for the handler's own.</summary>
    [Id(23)] public RetryPolicy? Retry { get; init; }

    /// <summary>Attempts that ended in a failure. Those that a worker's death or shutdown ended do not count.</summary>
    [Id(24)] public int Failures { get; init; }

    /// <summary>What its attempts logged, and how much made room; null for nothing.</summary>
    [Id(25)] public TaskTrail? Trail { get; init; }

    /// <summary>Null for a task that has none.</summary>
    [Id(40)] public TaskMarks? Marks { get; init; }

    public TaskPriority Priority => Rank.Priority;

    public bool IsDeleted => Error?.Code == TaskError.Deleted;

    /// <summary>While it waits it is ordered by rank, or by when it is due; afterwards by when it got there.</summary>
    public IndexEntry Index => new(State, State switch
    {
        TaskState.Scheduled => DueScore.Of(Priority, DueAt!.Value),
        TaskState.Running => StartedAt!.Value.ToUnixTimeMilliseconds(),
        _ when State.IsTerminal() => FinishedAt!.Value.ToUnixTimeMilliseconds(),
        _ => Rank.Value,
    });

    public TaskSnapshot ToSnapshot(TaskId id, long revision, TaskProgress? progress) => new()
    {
        Id = id,
        Kind = Kind,
        State = State,
        Priority = Priority,
        TraceId = TraceId,
        Attempt = Attempts,
        Result = Result,
        Error = Error,
        Degraded = Degraded,
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
        Progress = progress,
        History = History,
        Revision = revision,
        HeldBy = Current?.Worker,
        DueAt = State == TaskState.Scheduled ? DueAt : null,
        Deadline = Deadline,
        Trail = Trail,
        Marks = Marks,
    };
}
