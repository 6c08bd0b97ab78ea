using MorningAI.Queues;

namespace MorningAI.Workers;

/// <summary>
/// Shares a worker's slots among queue partitions. Busy ones share equally; an idle one keeps a window open, so that its
/// next task is pushed at once instead of asking first. Windows may add up to more than there are slots: what has no
/// slot waits here.
/// </summary>
internal sealed class CreditWindows
{
    private readonly HashSet<PartitionId> _busy = [];

    /// <param name="busy">It has tasks here, or more to send.</param>
    /// <param name="room">For how many tasks of all partitions there is room.</param>
    /// <returns>The most tasks of the partition that may be here.</returns>
    public int Of(PartitionId partition, bool busy, int room)
    {
        if (busy)
            _busy.Add(partition);
        else
            _busy.Remove(partition);
        if (_busy.Count == 0)
            return room;
        return Math.Max(1, room / (busy ? _busy.Count : 4));
    }
}
