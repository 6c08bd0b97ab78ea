using System.Collections.Concurrent;
using MorningAI.Queues;

namespace MorningAI.Intake;

/// <summary>Partitions that the queue directory has stored; asked once each.</summary>
internal sealed class KnownPartitions(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<PartitionId, bool> _known = new();

    public ICollection<PartitionId> All => _known.Keys;

    /// <summary>The directory has named them: a submit to one of them need not ask it, which may be on a silo that has just died.</summary>
    public void Know(IEnumerable<PartitionId> partitions)
    {
        foreach (var partition in partitions)
            _known[partition] = true;
    }

    /// <summary>A partition's first task must not be acknowledged before the directory knows where to look for it after a restart.</summary>
    public async ValueTask Ensure(PartitionId partition)
    {
        if (_known.ContainsKey(partition))
            return;
        await grains.GetQueueDirectory().Register(partition);
        _known[partition] = true;
    }
}
