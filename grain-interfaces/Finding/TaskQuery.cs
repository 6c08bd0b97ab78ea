using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Finding;

/// <summary>Which tasks are looked for. What is null does not matter.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskQuery")]
public sealed record TaskQuery
{
    [Id(0)] public TaskState? State { get; init; }
    [Id(1)] public QueueName? Queue { get; init; }
    [Id(2)] public TaskKind? Kind { get; init; }

    /// <summary>Made at that time or later.</summary>
    [Id(3)] public DateTimeOffset? From { get; init; }

    /// <summary>Made before.</summary>
    [Id(4)] public DateTimeOffset? To { get; init; }

    /// <summary>One of its tags.</summary>
    [Id(5)] public string? Tag { get; init; }
}

/// <summary>A task in a list.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskSummary")]
public sealed record TaskSummary
{
    [Id(0)] public required TaskId Id { get; init; }
    [Id(1)] public required TaskKind Kind { get; init; }
    [Id(2)] public required TaskState State { get; init; }
    [Id(3)] public required TaskPriority Priority { get; init; }

    /// <summary>Attempts begun so far.</summary>
    [Id(4)] public required int Attempt { get; init; }

    /// <summary>Of the last attempt that failed.</summary>
    [Id(5)] public TaskError? Error { get; init; }

    [Id(6)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(7)] public DateTimeOffset? StartedAt { get; init; }
    [Id(8)] public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it may be begun; null unless scheduled.</summary>
    [Id(9)] public DateTimeOffset? DueAt { get; init; }

    [Id(10)] public string[] Tags { get; init; } = [];
}

/// <summary>The answer to <see cref="ITaskFinderGrain.Find"/>. Closed: an unknown subtype is a failure.</summary>
[GenerateSerializer, Immutable, Alias("mai.FindOutcome")]
public abstract record FindOutcome
{
    private protected FindOutcome() { }
}

/// <param name="Tasks">May be fewer than were asked for, also none, where a filter passes over many: only so many are looked at in one call.</param>
/// <param name="Next">Where to go on; null where there are no more.</param>
[GenerateSerializer, Immutable, Alias("mai.FindOutcome.Found")]
public sealed record TasksFound([property: Id(0)] TaskSummary[] Tasks, [property: Id(1)] string? Next) : FindOutcome;

/// <param name="Field">As the HTTP API calls it.</param>
[GenerateSerializer, Immutable, Alias("mai.FindOutcome.Refused")]
public sealed record FindRefused([property: Id(0)] string Field, [property: Id(1)] string Message) : FindOutcome;

/// <summary>What may be done with many tasks.</summary>
[GenerateSerializer, Alias("mai.BulkAction")]
public enum BulkAction : byte
{
    /// <summary>As <see cref="ITaskGrain.Cancel"/>.</summary>
    Cancel = 0,

    /// <summary>As <see cref="ITaskGrain.Retry"/>.</summary>
    Retry = 1,

    /// <summary>As <see cref="ITaskGrain.Delete"/>.</summary>
    Delete = 2,
}

/// <summary>A slice of a bulk action is done, or, in a dry run, would be.</summary>
/// <param name="Done">The tasks that it was done with; of a retry the tasks that run.</param>
/// <param name="Passed">How many were found and passed over: they had ended, or had not, meanwhile or before.</param>
/// <param name="Failed">How many could not be asked now: begin again from the start for them, or wait for the store.</param>
/// <param name="Next">Where to go on; null where there are no more.</param>
[GenerateSerializer, Immutable, Alias("mai.FindOutcome.Done")]
public sealed record BulkDone(
    [property: Id(0)] TaskId[] Done,
    [property: Id(1)] int Passed,
    [property: Id(2)] int Failed,
    [property: Id(3)] string? Next) : FindOutcome;
