using System.Collections.Immutable;
using MorningAI.Workers;

namespace MorningAI.Tasks;

/// <summary>The answer to <see cref="ITaskGrain.Start"/>. Closed: an unknown subtype is a failure.</summary>
[GenerateSerializer, Immutable, Alias("mai.StartOutcome")]
public abstract record StartOutcome
{
    private protected StartOutcome() { }
}

/// <summary>Run it.</summary>
[GenerateSerializer, Immutable, Alias("mai.StartOutcome.Begun")]
public sealed record AttemptBegun : StartOutcome
{
    [Id(0)] public required AttemptRef Attempt { get; init; }
    [Id(1)] public required TaskKind Kind { get; init; }

    /// <summary>UTF-8 JSON.</summary>
    [Id(2)] public required byte[] Payload { get; init; }

    [Id(3)] public required TraceId TraceId { get; init; }

    /// <summary>The submitter's span, 16 hex digits, where there was one.</summary>
    [Id(4)] public string? ParentSpan { get; init; }

    /// <summary>The submitter's limit for one attempt; null for the handler's own.</summary>
    [Id(5)] public TimeSpan? Timeout { get; init; }

    /// <summary>Steps that earlier attempts finished: they are not run again.</summary>
    [Id(6)] public ImmutableArray<StepResult> Steps { get; init; } = [];

    /// <summary>The task's; its attempt ends there at the latest.</summary>
    [Id(7)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>The limits that count this attempt.</summary>
    [Id(40)] public string[] Limits { get; init; } = [];
}

/// <summary>A finished step of a handler.</summary>
/// <param name="Name">Unique within its task.</param>
/// <param name="Result">UTF-8 JSON.</param>
[GenerateSerializer, Immutable, Alias("mai.StepResult")]
public sealed record StepResult([property: Id(0)] string Name, [property: Id(1)] byte[] Result);

/// <summary>Do not run it: it is finished, another worker has it, or it does not exist.</summary>
/// <param name="State">Null where it does not exist.</param>
/// <param name="HeldBy">The worker that runs it, where one does.</param>
[GenerateSerializer, Immutable, Alias("mai.StartOutcome.Refused")]
public sealed record AttemptRefused([property: Id(0)] TaskState? State, [property: Id(1)] WorkerId? HeldBy) : StartOutcome
{
    /// <summary>When to ask again, where it is scheduled.</summary>
    [Id(2)] public DateTimeOffset? DueAt { get; init; }

    /// <summary>The limit that has no room for it now, or the order in which others come first; it is told when to ask again.</summary>
    [Id(3)] public string? HeldBackBy { get; init; }

    /// <inheritdoc cref="CompleteOutcome.IsBehind"/>
    [Id(4)] public bool IsBehind { get; init; }
}

/// <summary>How an attempt ended. Closed: an unknown subtype is a failure.</summary>
[GenerateSerializer, Immutable, Alias("mai.AttemptResult")]
public abstract record AttemptResult
{
    private protected AttemptResult() { }

    /// <summary>The attempt's log lines, and what it streamed and nobody has confirmed yet; null where it said nothing.</summary>
    [Id(0)] public AttemptSaid? Said { get; init; }
}

/// <param name="Result">UTF-8 JSON.</param>
/// <param name="Degraded">Why the result is second best; null when it is not.</param>
[GenerateSerializer, Immutable, Alias("mai.AttemptResult.Succeeded")]
public sealed record AttemptSucceeded([property: Id(0)] byte[] Result, [property: Id(1)] string? Degraded) : AttemptResult;

[GenerateSerializer, Immutable, Alias("mai.AttemptResult.Failed")]
public sealed record AttemptFailed([property: Id(0)] TaskError Error) : AttemptResult
{
    /// <summary>Another attempt would fail alike: none is made.</summary>
    [Id(1)] public bool IsFinal { get; init; }

    /// <summary>The least pause before the next attempt; null for the policy's own.</summary>
    [Id(2)] public TimeSpan? RetryAfter { get; init; }

    /// <summary>The handler's own, for a task that has none.</summary>
    [Id(3)] public RetryPolicy? Policy { get; init; }
}

/// <summary>The worker is shutting down and the handler stopped without finishing.</summary>
[GenerateSerializer, Immutable, Alias("mai.AttemptResult.HandedBack")]
public sealed record AttemptHandedBack : AttemptResult;

/// <summary>The answer to <see cref="ITaskGrain.Complete"/>.</summary>
/// <param name="Accepted">False where the attempt is not the current one, or the task had ended otherwise: the result was refused.</param>
/// <param name="State">The state after the call; null where the task does not exist.</param>
[GenerateSerializer, Immutable, Alias("mai.CompleteOutcome")]
public sealed record CompleteOutcome([property: Id(0)] bool Accepted, [property: Id(1)] TaskState? State)
{
    /// <summary>When the next attempt may begin, where it is scheduled.</summary>
    [Id(2)] public DateTimeOffset? DueAt { get; init; }

    /// <summary>The store may not show that state yet: nobody but the task's grain knows it.</summary>
    [Id(3)] public bool IsBehind { get; init; }
}

/// <summary>The answer to <see cref="ITaskGrain.HasEnded"/>.</summary>
/// <param name="Ended">Where not, it tells the asker's queue once it has.</param>
/// <param name="Behind">Those that it was behind and never looked at, as it ended before its turn: they count as well.</param>
[GenerateSerializer, Immutable, Alias("mai.EndedAnswer")]
public sealed record EndedAnswer([property: Id(0)] bool Ended, [property: Id(1)] TaskId[] Behind);

/// <summary>The answer to <see cref="ITaskGrain.Cancel"/>.</summary>
/// <param name="Cancelled">False where the task does not exist or had ended before.</param>
[GenerateSerializer, Immutable, Alias("mai.CancelOutcome")]
public sealed record CancelOutcome([property: Id(0)] bool Cancelled, [property: Id(1)] TaskSnapshot? Task);

/// <summary>The answer to <see cref="ITaskGrain.Delete"/>.</summary>
/// <param name="Deleted">False where there is none, or it has not ended.</param>
/// <param name="State">Null where there is none.</param>
[GenerateSerializer, Immutable, Alias("mai.DeleteOutcome")]
public sealed record DeleteOutcome([property: Id(0)] bool Deleted, [property: Id(1)] TaskState? State);

/// <summary>The answer to <see cref="ITaskGrain.Retry"/>. Closed: an unknown subtype is a failure.</summary>
[GenerateSerializer, Immutable, Alias("mai.RetryOutcome")]
public abstract record RetryOutcome
{
    private protected RetryOutcome() { }
}

/// <summary>It was waiting for its next attempt, and is queued now.</summary>
[GenerateSerializer, Immutable, Alias("mai.RetryOutcome.Hastened")]
public sealed record RetryHastened([property: Id(0)] TaskSnapshot Task) : RetryOutcome;

/// <summary>It had ended, and stays so: what became of a new task like it. A repeat gets the same one.</summary>
[GenerateSerializer, Immutable, Alias("mai.RetryOutcome.Resubmitted")]
public sealed record RetryResubmitted([property: Id(0)] MorningAI.Intake.SubmitOutcome Outcome) : RetryOutcome;

/// <summary>There is nothing to retry.</summary>
/// <param name="Task">Null where the id is known not to exist.</param>
[GenerateSerializer, Immutable, Alias("mai.RetryOutcome.Refused")]
public sealed record RetryRefused([property: Id(0)] TaskSnapshot? Task) : RetryOutcome;
