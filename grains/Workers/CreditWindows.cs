using MorningAI.Queues;

namespace MorningAI.Workers;

/// <summary>
/// Shares a worker's slots among queue partitions. Busy ones share by their queues' weights; an idle one keeps a window
/// open, so that its next task is pushed at once instead of asking first. Windows may add up to more than there are slots:
/// what has no slot waits here.
/// </summary>
internal sealed class CreditWindows(IReadOnlyDictionary<string, int>? weights = null)
{
    private readonly HashSet<PartitionId> _busy = [];
    private int _weight; // of all busy ones

    /// <param name="busy">It has tasks here, or more to send.</param>
    /// <param name="room">For how many tasks of all partitions there is room.</param>
    /// <returns>The most tasks of the partition that may be here.</returns>
    public int Of(PartitionId partition, bool busy, int room)
    {
        var weight = weights is null ? 1 : weights.GetValueOrDefault(partition.Queue.Value, 1);
        if (busy && _busy.Add(partition))
            _weight += weight;
        else if (!busy && _busy.Remove(partition))
            _weight -= weight;
        if (_busy.Count == 0)
            return room;
        return Math.Max(1, busy ? (int)((long)room * weight / _weight) : room / 4);
    }
}
