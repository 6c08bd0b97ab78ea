using Microsoft.Extensions.Time.Testing;
using MorningAI.Diagnosis;
using MorningAI.Telemetry;
using MorningAI.Tests.Unit.Storage.Model;

namespace MorningAI.Tests.Unit.Diagnosis;

public sealed class LatencyReportTests : IDisposable
{
    private readonly TaskMetrics _tasks = new(ModelSilo.Meters, new FakeTimeProvider(Given.Now));

    public void Dispose() => _tasks.Dispose();

    [Fact]
    public void Of_NoTasks_SaysThatThereIsNothingToSay()
    {
        var report = LatencyReport.Of("s1", _tasks, default);

        Assert.Null(report.Largest);
        Assert.Contains("No task ran", report.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(900, 800, 100, 100, 1, "waiting", "Concurrency")]
    [InlineData(900, 10, 100, 100, 1, "waiting", "queue")]
    [InlineData(10, 0, 900, 100, 1, "execution", "handlers")]
    [InlineData(10, 0, 100, 900, 800, "store", "morningai redis info")]
    [InlineData(10, 0, 100, 900, 1, "store", "journal")]
    [InlineData(1, 0, 2, 1, 1, "execution", "Nothing takes long")]
    public void Of_OnePartLargest_NamesItWithAdvice(int waiting, int slot, int execution, int store, int call, string largest, string advice)
    {
        _tasks.OnSlot(Ms(slot));
        _tasks.OnBegun(Ms(waiting));
        _tasks.OnRan(Ms(execution));
        _tasks.OnStored(Ms(store));

        var report = LatencyReport.Of("s1", _tasks, new LatencySummary(1, Ms(call), Ms(call), Ms(call)));

        Assert.Equal(largest, report.Largest);
        Assert.Contains(advice, report.Advice, StringComparison.Ordinal);
        Assert.Equal([waiting, execution, store], report.Parts.Select(p => (int)p.MeanMs!.Value));
    }

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds((double)ms);
}
