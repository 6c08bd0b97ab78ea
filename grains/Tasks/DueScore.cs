using MorningAI.Queues;

namespace MorningAI.Tasks;

/// <summary>
/// A scheduled task's place in the state index: when it is due, then its priority, which whoever reads the index cannot
/// know otherwise. 2^51 ms and 2 bits fill the 53 that a sorted set's score is exact to.
/// </summary>
internal static class DueScore
{
    private const int PriorityBits = 2;

    public static long Of(TaskPriority priority, DateTimeOffset due) => (due.ToUnixTimeMilliseconds() << PriorityBits) | (long)priority;

    /// <summary>As the queue takes it: not to be begun before its rank's moment.</summary>
    public static QueueRank Rank(long score) =>
        QueueRank.Of((TaskPriority)(score & ((1 << PriorityBits) - 1)), DateTimeOffset.FromUnixTimeMilliseconds(score >> PriorityBits));
}
