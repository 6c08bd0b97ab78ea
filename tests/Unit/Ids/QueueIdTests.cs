using CsCheck;
using MorningAI.Queues;
using MorningAI.Tasks;
using Xunit;

namespace MorningAI.Tests.Unit.Ids;

public class QueueIdTests
{
    [Fact]
    public void QueueNameParse_Written_IsTheSame() => Any.Queue.Sample(name => QueueName.Parse(name.ToString()) == name);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("_a")]
    [InlineData("A")]
    [InlineData("aB")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("a{b}")]
    [InlineData("a\n")]
    [InlineData("é")]
    public void QueueNameTryParse_WrongText_IsRefused(string? text) => Assert.False(QueueName.TryParse(text, out _));

    [Fact]
    public void QueueNameTryParse_65Characters_IsRefused()
    {
        Assert.True(QueueName.TryParse(new string('a', 64), out _));
        Assert.False(QueueName.TryParse(new string('a', 65), out _));
    }

    [Fact]
    public void PartitionIdParse_Written_IsTheSame() => Any.Partition.Sample(id => PartitionId.Parse(id.ToString()) == id);

    [Fact]
    public void PartitionIdTryParse_Accepted_HasOneSpelling() => Any.NearlyId.Sample(text =>
        !PartitionId.TryParse(text, out var id) || id.ToString() == text);

    [Fact]
    public void PartitionIdParse_WrongText_SaysWhatOneLooksLike() =>
        Assert.Contains("default.0", Assert.Throws<FormatException>(() => PartitionId.Parse("mail.\u001b01")).Message, StringComparison.Ordinal);

    [Fact]
    public void QueueRankOf_PriorityAndMoment_AreKept() => Gen.Select(Any.Priority, Any.Moment).Sample((priority, moment) =>
        QueueRank.Of(priority, moment) is var rank && rank.Priority == priority && rank.Moment == moment);

    [Fact]
    public void QueueRankOf_Order_IsPriorityThenMoment() =>
        Gen.Select(Any.Priority, Any.Moment, Any.Priority, Any.Moment).Sample((p1, m1, p2, m2) =>
            Math.Sign(QueueRank.Of(p1, m1).CompareTo(QueueRank.Of(p2, m2))) == Math.Sign((p1, m1).CompareTo((p2, m2))));

    // Redis keeps scores as doubles.
    [Fact]
    public void QueueRankOf_Any_IsExactAsADouble() => Gen.Select(Any.Priority, Any.Moment).Sample((priority, moment) =>
        QueueRank.Of(priority, moment).Value is var value && (long)(double)value == value && (double)value != (double)(value + 1));
}
