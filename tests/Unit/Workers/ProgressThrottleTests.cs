using Microsoft.Extensions.Time.Testing;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Workers;

public sealed class ProgressThrottleTests
{
    private readonly FakeTimeProvider _time = new(Given.Now);
    private readonly List<double> _sent = [];

    [Fact]
    public void Post_First_IsSentAtOnce()
    {
        using var throttle = New();
        throttle.Post(new TaskProgress(0.1, null));
        Assert.Equal([0.1], _sent);
    }

    [Fact]
    public void Post_ManyAtOnce_TheLatestFollowsATenthOfASecondLater()
    {
        using var throttle = New();
        foreach (var fraction in (double[])[0.1, 0.2, 0.3])
            throttle.Post(new TaskProgress(fraction, null));
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal([0.1], _sent);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([0.1, 0.3], _sent);
        throttle.Post(new TaskProgress(0.4, null));
        Assert.Equal([0.1, 0.3], _sent);
    }

    [Fact]
    public void Post_EveryMillisecond_IsSentTenTimesASecond()
    {
        using var throttle = New();
        for (var i = 0; i < 1000; i++)
        {
            throttle.Post(new TaskProgress(i, null));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal([0, 99, 199, 299, 399, 499, 599, 699, 799, 899, 999], _sent);
    }

    [Fact]
    public void Post_AfterARest_IsSentAtOnceAgain()
    {
        using var throttle = New();
        throttle.Post(new TaskProgress(0.1, null));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        throttle.Post(new TaskProgress(0.2, null));
        Assert.Equal([0.1, 0.2], _sent);
    }

    [Fact]
    public void Dispose_WithOneWaiting_SendsNothingMore()
    {
        var throttle = New();
        throttle.Post(new TaskProgress(0.1, null));
        throttle.Post(new TaskProgress(0.2, null));
        throttle.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
        throttle.Post(new TaskProgress(0.3, null));
        Assert.Equal([0.1], _sent);
    }

    private ProgressThrottle New() => new(p => _sent.Add(p.Fraction), _time);
}
