using MorningAI.Tasks;

namespace MorningAI.Intake;

/// <summary>Keys that a task shares with others of its queue. Each has 1 to 256 characters; null for none.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskKeys")]
public sealed record TaskKeys
{
    /// <summary>Tasks that share it run one at a time, in the order of their submission.</summary>
    [Id(0)] public string? Order { get; init; }

    /// <summary>What the queue's limit for each key counts by.</summary>
    [Id(1)] public string? Limit { get; init; }

    /// <summary>While a task of this key is there, a submission is that task.</summary>
    [Id(2)] public string? Unique { get; init; }

    /// <summary>How long <see cref="Unique"/> holds.</summary>
    [Id(3)] public UniqueUntil UniqueUntil { get; init; }

    /// <summary>Those of its order that must have ended before it begins. The intake's own: null until it has looked.</summary>
    [Id(4)] public TaskId[]? Follows { get; init; }
}

/// <summary>How long a unique key holds.</summary>
[GenerateSerializer, Alias("mai.UniqueUntil")]
public enum UniqueUntil : byte
{
    /// <summary>Until the task has ended.</summary>
    Done = 0,

    /// <summary>Until its first attempt begins: what changed after that is not lost on it, and wants another.</summary>
    Started = 1,
}
