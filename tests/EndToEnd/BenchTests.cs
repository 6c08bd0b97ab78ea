using System.Text.Json.Nodes;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>A short <c>morningai bench</c>, of this system alone: that it measures, not how fast it is.</summary>
public sealed class BenchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Bench_OfItselfAlone_MeasuresAllAndWritesTheReport()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "A bench measures on a redis-server.");
        using var scratch = new Scratch();
        await using var bench = ChildProcess.Morningai(["bench", "--vs", "none", "--n", "500", "--runs", "1", "--out", "bench.md", "--json"], workingDirectory: scratch.Path);

        Assert.True(await bench.WaitForExit(Limit) == 0, bench.Errors);
        var report = JsonNode.Parse(bench.Output.Split('\n')[^1])!;
        var medians = report["systems"]!["morningai"]!["medians"]!;
        Assert.All(
            new[] { "submit", "submitBulk", "drain", "idleP50Ms", "idleP99Ms", "steadyRate", "steadyStartP999Ms", "steadyDoneP999Ms", "cpuWorkerMicros", "redisCommandsPerTask", "redisBytesPerTask", "redisBytesPerWaitingTask", "startSeconds", "throughRedisDown", "slowSubmit", "slowIdleP50Ms" },
            figure => Assert.True((double?)medians[figure] > 0, $"{figure}: {report.ToJsonString()}"));
        Assert.All(new[] { "redisDown", "startSeconds" }, ratio => Assert.NotNull(report["ratios"]![ratio]!["met"]));
        Assert.All(new[] { "submit", "submitBulk", "drain", "backlogMillion" }, ratio => Assert.Null((double?)report["ratios"]![ratio]!["value"]));
        Assert.Contains("## Versions and settings", await File.ReadAllTextAsync(scratch.At("bench.md"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Bench_ToldToEndInALaterRun_TellsOfThoseBefore()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "A bench measures on a redis-server.");
        using var scratch = new Scratch();
        await using var bench = ChildProcess.Morningai(["bench", "--vs", "none", "--n", "500", "--runs", "20", "--measure", "drain", "--json"], workingDirectory: scratch.Path);
        await Deadline.Until("the second run has begun", Limit, () => Task.FromResult(bench.Errors.Contains("run 2 of 20", StringComparison.Ordinal)));

        bench.Signal("TERM");

        Assert.True(await bench.WaitForExit(Limit) == 130, bench.Errors);
        var report = JsonNode.Parse(bench.Output.Split('\n')[^1])!;
        Assert.InRange((int)report["runs"]!, 1, 19);
        Assert.True((double)report["systems"]!["morningai"]!["medians"]!["drain"]! > 0);
    }
}
