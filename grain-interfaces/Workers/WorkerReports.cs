using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>What a worker says of itself with each beat.</summary>
[GenerateSerializer, Immutable, Alias("mai.WorkerReport")]
public sealed record WorkerReport
{
    [Id(0)] public required WorkerId Worker { get; init; }
    [Id(1)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the worker took this beat, by its own clock.</summary>
    [Id(2)] public required DateTimeOffset At { get; init; }

    [Id(3)] public required int Concurrency { get; init; }
    [Id(4)] public required int Running { get; init; }

    /// <summary>Tasks that it has been given and has no free slot for yet.</summary>
    [Id(5)] public required int Waiting { get; init; }

    /// <summary>Handlers that ignored their end and still hold a thread.</summary>
    [Id(6)] public required int Abandoned { get; init; }

    [Id(7)] public required bool Draining { get; init; }
    [Id(8)] public required IReadOnlyList<TaskKind> Kinds { get; init; }

    /// <summary>Attempts ended since the worker started.</summary>
    [Id(9)] public required long Finished { get; init; }

    /// <summary>The queues that it serves; null for all.</summary>
    [Id(10)] public string[]? Queues { get; init; }

    /// <summary>The store may not show all that its silo has acknowledged.</summary>
    [Id(11)] public bool IsBehind { get; init; }

    /// <summary>Whether it runs tasks of the queue.</summary>
    public bool Serves(QueueName queue) => Concurrency > 0 && Queues?.Contains(queue.Value) != false;
}

/// <summary>Derived from beats and from the cluster's membership, never from the store.</summary>
[GenerateSerializer, Alias("mai.WorkerHealth")]
public enum WorkerHealth : byte
{
    /// <summary>It beat within the stale threshold.</summary>
    Healthy = 0,

    /// <summary>It finishes what it has and takes nothing new.</summary>
    Draining = 1,

    /// <summary>No beat within the threshold, or its silo is known to be dead.</summary>
    Stale = 2,
}

/// <summary>A worker as the registry sees it.</summary>
[GenerateSerializer, Immutable, Alias("mai.WorkerStatus")]
public sealed record WorkerStatus(
    [property: Id(0)] WorkerReport Report,
    [property: Id(1)] WorkerHealth Health,
    [property: Id(2)] DateTimeOffset LastBeatAt,
    [property: Id(3)] string? Reason);
