using CsCheck;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Queues;

public sealed class QueueRankTests
{
    private static readonly DateTimeOffset First = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>2020 to 2091, in whole microseconds.</summary>
    private static readonly Gen<DateTimeOffset> Moments = Gen.Long[0, (1L << 51) - 1].Select(us => First.AddMicroseconds(us));
    private static readonly Gen<TaskPriority> Priorities = Gen.Int[0, 3].Select(p => (TaskPriority)p);

    [Fact]
    public void Of_AnyPriorityAndMoment_ComeBack() => Gen.Select(Priorities, Moments).Sample((priority, moment) =>
    {
        var rank = QueueRank.Of(priority, moment);
        Assert.Equal((priority, moment), (rank.Priority, rank.Moment));
    });

    [Fact]
    public void CompareTo_AnyTwo_IsByPriorityThenMoment() => Gen.Select(Priorities, Moments, Priorities, Moments).Sample((p1, m1, p2, m2) =>
        Assert.Equal(Math.Sign((p1, m1).CompareTo((p2, m2))), Math.Sign(QueueRank.Of(p1, m1).CompareTo(QueueRank.Of(p2, m2)))));

    [Fact]
    public void Value_AnyRank_IsExactAsADouble() => Gen.Select(Priorities, Moments).Sample((priority, moment) =>
    {
        var value = QueueRank.Of(priority, moment).Value;
        Assert.Equal(value, (long)(double)value);
    });

    [Fact]
    public void Of_OutOfItsYears_IsClampedWithinThePriority()
    {
        Assert.Equal(First, QueueRank.Of(TaskPriority.P1, DateTimeOffset.MinValue).Moment);
        Assert.Equal(TaskPriority.P1, QueueRank.Of(TaskPriority.P1, DateTimeOffset.MinValue).Priority);
        Assert.Equal(TaskPriority.P1, QueueRank.Of(TaskPriority.P1, DateTimeOffset.MaxValue).Priority);
    }
}
