using MorningAI.Tasks;

namespace MorningAI.Intake;

/// <summary>A task to be.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskSubmission")]
public sealed record TaskSubmission
{
    /// <summary>The submitter's own id for it: a repeated submit of one id makes one task.</summary>
    [Id(0)] public required TaskId Id { get; init; }

    [Id(1)] public required TaskKind Kind { get; init; }

    /// <summary>UTF-8 JSON, at most the silo's limit (1 MiB by default).</summary>
    [Id(2)] public required byte[] Payload { get; init; }

    [Id(3)] public TaskPriority Priority { get; init; } = TaskPriority.P2;
    [Id(4)] public required TraceId TraceId { get; init; }

    /// <summary>The submitter's span, 16 hex digits, where there is one.</summary>
    [Id(5)] public string? ParentSpan { get; init; }

    /// <summary>The limit for one attempt; null for the handler's own.</summary>
    [Id(6)] public TimeSpan? Timeout { get; init; }

    /// <summary>The key that <see cref="Id"/> was made from, where it was.</summary>
    [Id(7)] public string? IdempotencyKey { get; init; }

    /// <summary>Not to be begun before; null for at once. One of this and <see cref="Delay"/>.</summary>
    [Id(8)] public DateTimeOffset? DueAt { get; init; }

    /// <summary>Not to be begun before so much time has passed since it was taken in, by the silo's clock.</summary>
    [Id(9)] public TimeSpan? Delay { get; init; }

    /// <summary>What has not succeeded by then fails with <see cref="TaskError.DeadlineExceeded"/>; null for never.</summary>
    [Id(10)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>Null for the handler's own.</summary>
    [Id(11)] public RetryPolicy? Retry { get; init; }

    /// <summary>What it shares with other tasks; null for nothing, as for most.</summary>
    [Id(40)] public TaskKeys? Keys { get; init; }

    /// <summary>What it is to be found by: at most <see cref="MaxTags"/> words of 1 to <see cref="MaxTagLength"/> characters; null for nothing.</summary>
    [Id(41)] public string[]? Tags { get; init; }

    /// <summary>
    /// Its id was made for it alone, and it has been sent nowhere before: it may be begun while it is being stored. What is
    /// sent again is not new.
    /// </summary>
    [Id(42)] public bool IsNew { get; init; }

    public const int MaxTags = 8;

    public const int MaxTagLength = 64;
}
