using MorningAI.Tasks;

namespace MorningAI.Queues;

/// <summary>
/// A place in a partition's order: the priority, then the moment. One number, so that the sorted set in Redis (whose
/// scores are doubles, exact to 2^53) and the queue's memory share one order.
/// </summary>
[GenerateSerializer, Immutable, Alias("mai.QueueRank")]
public readonly record struct QueueRank([property: Id(0)] long Value) : IComparable<QueueRank>
{
    // 2^51 µs are 71 years: enough until 2091, and four priorities of them fill 53 bits exactly.
    private const int MomentBits = 51;
    private static readonly DateTimeOffset Epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TaskPriority Priority => (TaskPriority)(Value >> MomentBits);

    public DateTimeOffset Moment => Epoch.AddMicroseconds(Value & ((1L << MomentBits) - 1));

    /// <param name="moment">Kept to the microsecond; clamped to 2020 to 2091.</param>
    public static QueueRank Of(TaskPriority priority, DateTimeOffset moment)
    {
        var micros = Math.Clamp((moment - Epoch).Ticks / TimeSpan.TicksPerMicrosecond, 0, (1L << MomentBits) - 1);
        return new QueueRank(((long)priority << MomentBits) | micros);
    }

    public int CompareTo(QueueRank other) => Value.CompareTo(other.Value);
}
