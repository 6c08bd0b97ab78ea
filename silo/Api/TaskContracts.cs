using System.Text.Json;
using MorningAI.Intake;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary><c>POST /tasks</c>.</summary>
public sealed record SubmitTaskRequest
{
    public required string Kind { get; init; }

    /// <summary>Any JSON that the kind's handler reads. Default: <c>{}</c>.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>Default: the kind's own.</summary>
    public string? Queue { get; init; }

    /// <summary>P0 to P3. Default: P2.</summary>
    public string? Priority { get; init; }

    /// <summary>1 to 256 characters. The same key in the same queue is the same task.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The limit for one attempt. Default: the kind's own.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>Not to be begun before so many seconds from now. Not beside due_at.</summary>
    public double? DelaySeconds { get; init; }

    /// <summary>Not to be begun before. One that has passed means at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>What has not succeeded so many seconds from now fails. Not beside deadline. Default: never.</summary>
    public double? DeadlineSeconds { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What it is to be found by: at most 8, each of 1 to 64 characters.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>1 to 256 characters. Tasks of one queue that share it run one at a time, in the order of their submission.</summary>
    public string? OrderKey { get; init; }

    /// <summary>1 to 256 characters. What the queue's limit for each key counts by.</summary>
    public string? LimitKey { get; init; }

    /// <summary>1 to 256 characters. While a task of this key is in the queue, the answer is that task.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>done or started: how long unique_key holds. Default: done.</summary>
    public string? UniqueUntil { get; init; }

    /// <summary>Default: the kind's own, which is 3 retries after 10, 30 and 60 s unless it says otherwise.</summary>
    public RetryRequest? Retry { get; init; }
}

/// <summary>How often a task is attempted. Pauses are a list, or, without one, grow exponentially with full jitter.</summary>
public sealed record RetryRequest
{
    /// <summary>1 to 1000, the first one included.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>After the first failure, the second and so on; the last one stays.</summary>
    public IReadOnlyList<double>? PausesSeconds { get; init; }

    /// <summary>The bound of the first pause. Default: 1.</summary>
    public double? FirstSeconds { get; init; }

    /// <summary>By how much it grows. Default: 2.</summary>
    public double? Factor { get; init; }

    /// <summary>Where it grows no more. Default: 600.</summary>
    public double? LongestSeconds { get; init; }
}

/// <summary><c>POST /api/agent/faq</c>.</summary>
public sealed record AskFaqRequest
{
    public required string Question { get; init; }

    /// <summary>owner/name.</summary>
    public string? Repo { get; init; }

    /// <summary>1 to 256 characters. The same key is the same task.</summary>
    public string? IdempotencyKey { get; init; }
}

/// <summary><c>DELETE /tasks/{id}</c>.</summary>
public sealed record TaskDeletedResponse(string Deleted);

/// <summary>202: the task exists.</summary>
public sealed record ReceiptResponse(string TaskId, string TraceId, string Status, string Durability)
{
    public static ReceiptResponse Of(TaskReceipt receipt) =>
        new(receipt.TaskId.ToString(), receipt.TraceId.ToString(), receipt.Status.WireName(), receipt.Durability == MorningAI.Tasks.Durability.Redis ? "redis" : "journal");
}

public sealed record TaskResponse
{
    public required string TaskId { get; init; }
    public required string Kind { get; init; }
    public required string Queue { get; init; }
    public required string Priority { get; init; }
    public required string Status { get; init; }
    public required string TraceId { get; init; }
    public required int Attempt { get; init; }
    public JsonElement? Result { get; init; }
    public TaskError? Error { get; init; }

    /// <summary>Why the result is second best.</summary>
    public string? Degraded { get; init; }

    public TaskProgress? Progress { get; init; }

    /// <summary>The worker that runs it now.</summary>
    public string? Worker { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When a scheduled task may begin.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? Deadline { get; init; }
    public string? OrderKey { get; init; }
    public string? LimitKey { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Pass it as <c>after</c> to wait for the next change.</summary>
    public required long Revision { get; init; }

    public required IReadOnlyList<TaskEventResponse> History { get; init; }

    /// <summary>What the handler logged for people, the newest lines; absent where there is nothing.</summary>
    public IReadOnlyList<LogLineResponse>? Log { get; init; }

    /// <summary>Older lines of the log that made room.</summary>
    public int? LogDropped { get; init; }

    public static TaskResponse Of(TaskSnapshot task) => new()
    {
        TaskId = task.Id.ToString(),
        Kind = task.Kind.Value,
        Queue = task.Queue.Value,
        Priority = task.Priority.ToString(),
        Status = task.State.WireName(),
        TraceId = task.TraceId.ToString(),
        Attempt = task.Attempt,
        Result = task.Result is null ? null : JsonElement.Parse(task.Result),
        Error = task.Error,
        Degraded = task.Degraded,
        Progress = task.Progress,
        Worker = task.HeldBy?.Name.Value,
        CreatedAt = task.CreatedAt,
        StartedAt = task.StartedAt,
        FinishedAt = task.FinishedAt,
        DueAt = task.DueAt,
        Deadline = task.Deadline,
        OrderKey = task.Marks?.OrderKey,
        LimitKey = task.Marks?.LimitKey,
        Tags = task.Marks?.Tags is { Length: > 0 } tags ? tags : null,
        Revision = task.Revision,
        History = [.. task.History.Select(TaskEventResponse.Of)],
        Log = task.Trail is { Lines.IsEmpty: false } trail ? [.. trail.Lines.Select(LogLineResponse.Of)] : null,
        LogDropped = task.Trail is { Dropped: > 0 and var dropped } ? dropped : null,
    };
}

public sealed record TaskEventResponse(DateTimeOffset At, string Status, int Attempt, string? Note)
{
    public static TaskEventResponse Of(TaskEvent line) => new(line.At, line.State.WireName(), line.Attempt, line.Note);
}

public sealed record LogLineResponse(DateTimeOffset At, string Level, int Attempt, string Text)
{
    public static LogLineResponse Of(TaskLogLine line) => new(line.At, line.Level.WireName(), line.Attempt, line.Text);
}
