using System.Diagnostics.Metrics;
using MorningAI.Silo.Telemetry;
using MorningAI.Telemetry;

namespace MorningAI.Tests.Unit.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new(Tracing.SourceName);
    private readonly MetricsBook _book = new();

    public void Dispose()
    {
        _book.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public void Add_ACounter_IsASumByLabels()
    {
        var counter = _meter.CreateCounter<long>("test.things.counted", "{thing}", "What was counted.");
        _book.Read();
        counter.Add(2, new KeyValuePair<string, object?>("kind", "a\"b"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a\"b"));

        Assert.Equal(
            """
            # HELP test_things_counted_total What was counted.
            # TYPE test_things_counted_total counter
            test_things_counted_total{kind="a\"b"} 5

            """, Text("test.things.counted"));
    }

    [Fact]
    public void Add_AHistogram_HasBucketsThatAddUp()
    {
        var histogram = _meter.CreateHistogram<double>("test.wait.duration", "s");
        _book.Read();
        foreach (var seconds in new[] { 0.0005, 0.02, 0.02, 400 })
            histogram.Record(seconds);

        var lines = Text("test.wait.duration").Split('\n');
        Assert.Contains("test_wait_duration_seconds_bucket{le=\"0.001\"} 1", lines);
        Assert.Contains("test_wait_duration_seconds_bucket{le=\"0.025\"} 3", lines);
        Assert.Contains("test_wait_duration_seconds_bucket{le=\"300\"} 3", lines);
        Assert.Contains("test_wait_duration_seconds_bucket{le=\"+Inf\"} 4", lines);
        Assert.Contains("test_wait_duration_seconds_count 4", lines);
        Assert.Contains("test_wait_duration_seconds_sum 400.0405", lines);
    }

    [Fact]
    public void Add_AGauge_IsAskedAtEachScrape()
    {
        var value = 1;
        _meter.CreateObservableGauge("test.size", () => value, "By");
        Assert.Contains("test_size_bytes 1\n", Text("test.size"));
        value = 7;
        Assert.Contains("test_size_bytes 7\n", Text("test.size"));
    }

    [Fact]
    public void Record_TooManyLabels_AreOneWithoutLabels()
    {
        var counter = _meter.CreateCounter<long>("test.many");
        _book.Read();
        for (var i = 0; i < 1000; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        var lines = Text("test.many").Split('\n');
        Assert.InRange(lines.Length, 200, 205);
        Assert.Contains("test_many_total 800", lines);
    }

    private string Text(string instrument)
    {
        var text = new PrometheusText();
        text.Add(_book.Read().Single(i => i.Instrument.Name == instrument));
        return text.ToString();
    }
}
