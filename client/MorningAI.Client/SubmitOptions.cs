using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>What may be said of a task beside its kind and payload.</summary>
public sealed record SubmitOptions
{
    /// <summary>
    /// The task's id, to repeat a submit that ended as uncertain. Default: null, a new one. It names the queue too, so it
    /// goes with neither <see cref="Queue"/> nor <see cref="IdempotencyKey"/>.
    /// </summary>
    public TaskId? Id { get; init; }

    /// <summary>Default: null, which means <see cref="QueueName.Default"/> for every kind; a silo's HTTP API may choose by kind, this library does not.</summary>
    public QueueName? Queue { get; init; }

    /// <summary>Default: P2.</summary>
    public TaskPriority Priority { get; init; } = TaskPriority.P2;

    /// <summary>
    /// 1 to 256 characters of your own: submits with one key to one queue make one task, from any process at any time,
    /// while the queue's number of partitions stays. Default: null, every submit makes a task.
    /// </summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The limit for one attempt. Default: null, the handler's own.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Not to be begun before so much time has passed, by the silo's clock; at most ten years. Default: null, at once.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>Not to be begun before; one that has passed means at once. Goes with no <see cref="Delay"/>. Default: null.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What has not succeeded by then fails with <see cref="TaskError.DeadlineExceeded"/>, wherever it stands. Default: null, never.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Default: null, the handler's own.</summary>
    public RetryPolicy? Retry { get; init; }

    /// <summary>1 to 256 characters: tasks of one queue that share it run one at a time, in the order of their submission. Default: null.</summary>
    public string? OrderKey { get; init; }

    /// <summary>1 to 256 characters: what the queue's limit for each key counts by, as a customer. Default: null.</summary>
    public string? LimitKey { get; init; }

    /// <summary>1 to 256 characters: while a task of this key is in the queue, a submit's receipt is that task's. Default: null.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>How long <see cref="UniqueKey"/> holds. Default: until its task has ended.</summary>
    public UniqueUntil UniqueUntil { get; init; }

    /// <summary>What the task is to be found by: at most 8, each of 1 to 64 characters. Default: none.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Default: null, the current <see cref="System.Diagnostics.Activity"/>'s trace, or a new one.</summary>
    public TraceId? TraceId { get; init; }
}
