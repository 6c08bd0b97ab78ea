namespace MorningAI.Queues;

/// <summary>Which queue partitions exist, and that each of them is awake. One grain, key <c>"queues"</c>.</summary>
[Alias("mai.IQueueDirectoryGrain")]
public interface IQueueDirectoryGrain : IGrainWithStringKey
{
    const string Key = "queues";

    /// <summary>Durable when it returns: a partition's first task is not acknowledged before.</summary>
    [Alias("Register")]
    Task Register(PartitionId partition);

    [Alias("List")]
    Task<IReadOnlyList<PartitionId>> List();

    /// <summary>Decides about a queue, which need not exist yet. Durable when it returns; every silo that answers knows then, the others as soon as they do.</summary>
    /// <param name="by">Who decides, for others to see; cut to <see cref="QueueControl.MaxBy"/> characters.</param>
    /// <param name="reason">Cut to <see cref="QueueControl.MaxReason"/> characters.</param>
    /// <remarks>Throws <see cref="StoreUnavailableException"/> where it cannot be stored; then nothing has changed.</remarks>
    [Alias("Decide")]
    Task<QueueControl> Decide(QueueName queue, QueueCommand command, string? by, string? reason);

    /// <summary>Everything that was ever decided, resumed queues included. From memory: silos ask every second, so that a partition that comes up in an outage, wherever it does, knows whether it is paused.</summary>
    [Alias("Controls")]
    Task<QueueControl[]> Controls();

    /// <summary>Every silo calls it now and then, so that after any death some silo has it alive.</summary>
    [Alias("Wake")]
    Task Wake();
}
