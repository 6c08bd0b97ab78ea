using MorningAI.Workers;

namespace MorningAI.Queues;

/// <summary>Where a task is in its partition, and what the partition waits for.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskPlace")]
public sealed record TaskPlace
{
    [Id(0)] public required Whereabouts Whereabouts { get; init; }

    /// <summary>How many go before it, where it is ready.</summary>
    [Id(1)] public int Ahead { get; init; }

    /// <summary>The limit or order that holds it back.</summary>
    [Id(2)] public string? HeldBackBy { get; init; }

    /// <summary>Since when it is held back.</summary>
    [Id(3)] public DateTimeOffset? HeldSince { get; init; }

    /// <summary>Until when it waits for its time.</summary>
    [Id(4)] public DateTimeOffset? Until { get; init; }

    /// <summary>The worker that has it.</summary>
    [Id(5)] public WorkerId? Worker { get; init; }

    [Id(6)] public required PartitionStatus Partition { get; init; }

    /// <summary>A silo that died in an outage is waited for, as its journal may say that the task is done.</summary>
    [Id(7)] public bool AwaitsJournal { get; init; }

    /// <summary>How the store is, by the silo that the partition is on; see <c>/health</c>.</summary>
    [Id(8)] public required string Store { get; init; }
}

/// <summary>Where a partition has a task.</summary>
[GenerateSerializer, Alias("mai.Whereabouts")]
public enum Whereabouts : byte
{
    /// <summary>It does not know of it, or not any more.</summary>
    Unknown = 0,
    Ready = 1,

    /// <summary>Waits for its time.</summary>
    Later = 2,
    HeldBack = 3,

    /// <summary>A worker has it: it waits for a slot there, or runs.</summary>
    Assigned = 4,
}
