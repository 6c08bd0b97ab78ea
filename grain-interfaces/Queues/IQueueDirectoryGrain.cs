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

    /// <summary>Every silo calls it now and then, so that after any death some silo has it alive.</summary>
    [Alias("Wake")]
    Task Wake();
}
