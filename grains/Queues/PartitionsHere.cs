using System.Collections.Concurrent;

namespace MorningAI.Queues;

/// <summary>The partitions whose grains are on this silo now: what is taken in beside them can be begun before it is stored.</summary>
internal sealed class PartitionsHere
{
    private readonly ConcurrentDictionary<PartitionId, bool> _here = new();

    public bool Has(PartitionId partition) => _here.ContainsKey(partition);

    public void Add(PartitionId partition) => _here[partition] = true;

    public void Remove(PartitionId partition) => _here.TryRemove(partition, out _);
}
