using System.Collections.Concurrent;
using MorningAI.Queues;

namespace MorningAI.Intake;

/// <summary>Partitions that the queue directory has stored; asked once each.</summary>
internal sealed class KnownPartitions(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<PartitionId, bool> _known = new();

    /// <summary>A partition's first task must not be acknowledged before the directory knows where to look for it after a restart.</summary>
    public async ValueTask Ensure(PartitionId partition)
    {
        if (_known.ContainsKey(partition))
            return;
        await grains.GetQueueDirectory().Register(partition);
        _known[partition] = true;
    }
}
