using MorningAI.Limits;

namespace MorningAI.Tests.Unit.Limits;

public sealed class TokenBucketTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void TryTake_New_HasNoneBeforeItsTime()
    {
        var bucket = new TokenBucket(10, TimeSpan.FromSeconds(1), 10, Start);

        Assert.False(bucket.TryTake(Start));
        Assert.Equal(Start.AddMilliseconds(100), bucket.NextAt(Start)!.Value, TimeSpan.FromMilliseconds(1));
        Assert.True(bucket.TryTake(bucket.NextAt(Start)!.Value));
    }

    [Fact]
    public void TryTake_QuietForLong_GivesNoMoreThanTheBurst()
    {
        var bucket = new TokenBucket(10, TimeSpan.FromSeconds(1), 3, Start);
        var later = Start.AddHours(1);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => bucket.TryTake(later)));
    }

    [Fact]
    public void TryTake_AskedAllTheTime_GivesTheRate()
    {
        var bucket = new TokenBucket(50, TimeSpan.FromSeconds(1), 1, Start);
        var taken = Enumerable.Range(1, 100_000).Count(i => bucket.TryTake(Start.AddMilliseconds(i / 10.0)));

        Assert.InRange(taken, 499, 500); // ten seconds
    }

    [Fact]
    public void GiveBack_Full_StaysAtTheBurst()
    {
        var bucket = new TokenBucket(1, TimeSpan.FromSeconds(1), 2, Start);
        Assert.Equal(2, bucket.Count(Start.AddSeconds(9)));
        bucket.GiveBack();
        Assert.Equal(2, bucket.Count(Start.AddSeconds(9)));
    }

    [Fact]
    public void Count_ClockGoesBack_LosesNothing()
    {
        var bucket = new TokenBucket(1, TimeSpan.FromSeconds(1), 5, Start);
        Assert.Equal(3, bucket.Count(Start.AddSeconds(3)));
        Assert.Equal(3, bucket.Count(Start));
    }
}
