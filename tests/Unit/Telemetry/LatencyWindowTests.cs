using CsCheck;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Telemetry;

namespace MorningAI.Tests.Unit.Telemetry;

public sealed class LatencyWindowTests
{
    private readonly FakeTimeProvider _time = new(Given.Now);

    [Fact]
    public void Summary_Nothing_IsZero() => Assert.Equal(default, new LatencyWindow(_time).Summary());

    [Fact]
    public void Summary_AnyTimes_IsAtMostAQuarterTooHigh() => Gen.Long[0, 1_000_000_000].Array[1, 200].Sample(micros =>
    {
        var window = new LatencyWindow(_time);
        foreach (var one in micros)
            window.Record(TimeSpan.FromMicroseconds((double)one));
        Array.Sort(micros);

        var summary = window.Summary();

        Assert.Equal(micros.Length, summary.Count);
        Assert.InRange(summary.Mean.TotalMicroseconds, micros.Average() - 1, micros.Average() + 1);
        IsNear(micros[(int)Math.Ceiling(micros.Length * 0.5) - 1], summary.P50);
        IsNear(micros[(int)Math.Ceiling(micros.Length * 0.99) - 1], summary.P99);
    });

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(30)]
    public void Record_FarOut_IsCounted(int days)
    {
        var window = new LatencyWindow(_time);
        window.Record(TimeSpan.FromDays(days));

        Assert.Equal(1, window.Summary().Count);
    }

    [Fact]
    public void Summary_MinutesLater_HasForgottenThem()
    {
        var window = new LatencyWindow(_time);
        window.Record(TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromMinutes(LatencyWindow.Minutes - 1));
        window.Record(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, window.Summary().Count);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, window.Summary().Count);
        _time.Advance(TimeSpan.FromMinutes(LatencyWindow.Minutes));
        Assert.Equal(0, window.Summary().Count);
    }

    [Fact]
    public async Task Record_ManyAtOnce_CountsAll()
    {
        var window = new LatencyWindow(_time);
        window.Record(TimeSpan.Zero);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
                window.Record(TimeSpan.FromMicroseconds((double)i));
        }))).InTime();

        Assert.Equal(40_001, window.Summary().Count);
    }

    private static void IsNear(long exact, TimeSpan said) => Assert.InRange(said.TotalMicroseconds, exact, (exact * 1.25) + 1);
}
