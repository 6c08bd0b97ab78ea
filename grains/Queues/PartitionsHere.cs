using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace MorningAI.Queues;

/// <summary>The partitions whose grains are on this silo now: what is taken in beside them can be begun before it is stored.</summary>
internal sealed class PartitionsHere
{
    private readonly ConcurrentDictionary<PartitionId, IPartitionHere> _here = new();

    public bool TryGet(PartitionId partition, [NotNullWhen(true)] out IPartitionHere? here) => _here.TryGetValue(partition, out here);

    public void Add(PartitionId partition, IPartitionHere here) => _here[partition] = here;

    /// <summary>Unless a later life has taken its place.</summary>
    public void Remove(PartitionId partition, IPartitionHere here) => _here.TryRemove(KeyValuePair.Create(partition, here));
}

/// <summary>A partition on this silo, without a message.</summary>
internal interface IPartitionHere
{
    /// <summary>A new task that is being stored just now: it is begun at once by the worker beside, where that is free and no other is more so, or left alone.</summary>
    /// <returns>Whether it was given to that worker; else it is to be told of once it is stored. Never completes where the partition has left meanwhile.</returns>
    Task<bool> TryBegin(QueueEntry entry);
}
