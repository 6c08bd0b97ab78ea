namespace MorningAI.Queues;

/// <summary>What operators have decided about a queue. The newest version holds; a queue without one runs.</summary>
[GenerateSerializer, Immutable, Alias("mai.QueueControl")]
public sealed record QueueControl
{
    /// <summary>Characters of who and of why.</summary>
    public const int MaxBy = 100;

    /// <inheritdoc cref="MaxBy"/>
    public const int MaxReason = 500;

    [Id(0)] public required QueueName Queue { get; init; }

    /// <summary>Grows with every decision.</summary>
    [Id(1)] public required long Version { get; init; }

    /// <summary>Nothing of it is begun. Null where it is not paused.</summary>
    [Id(2)] public QueueDecision? Paused { get; init; }

    /// <summary>It takes nothing new, and what is there is done. Null where it takes new tasks.</summary>
    [Id(3)] public QueueDecision? Draining { get; init; }
}

/// <param name="By">Who decided, where they said so.</param>
[GenerateSerializer, Immutable, Alias("mai.QueueDecision")]
public sealed record QueueDecision([property: Id(0)] DateTimeOffset At, [property: Id(1)] string? By, [property: Id(2)] string? Reason);

/// <summary>What may be decided about a queue.</summary>
[GenerateSerializer, Alias("mai.QueueCommand")]
public enum QueueCommand : byte
{
    /// <summary>Begin nothing of it until it is resumed. What workers have goes on.</summary>
    Pause = 0,

    /// <summary>Take nothing new until it is resumed; what is there is done.</summary>
    Drain = 1,

    /// <summary>Neither any more.</summary>
    Resume = 2,
}
