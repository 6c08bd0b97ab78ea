using System.Text.Json.Nodes;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>The promises, under short faults to real processes, as <c>morningai chaos</c> proves them.</summary>
public sealed class ChaosTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Here nothing may be lost or done twice; how fast it goes on is measured by the command itself, on a machine that does nothing else.</summary>
    private const int Slack = 6;

    /// <summary>No network namespaces here.</summary>
    private const int NotPermitted = 5;

    [Theory]
    [InlineData("redis-kill", 1, 3)]
    [InlineData("redis-hang", 1, 4)]
    [InlineData("redis-flush", 2, 3)]
    [InlineData("redis-rollback", 1, 3)]
    [InlineData("redis-slow", 1, 4)]
    [InlineData("silo-kill-in-outage", 1, 3)]
    [InlineData("silo-pause", 2, 3)]
    [InlineData("silo-start-in-outage", 1, 3)]
    [InlineData("rolling-restart", 2, 3)]
    [InlineData("flush-then-start", 1, 3)]
    [InlineData("partition-from-redis", 2, 4)]
    [InlineData("partition-from-peers", 3, 10)]
    public async Task Chaos_Fault_PromisesHold(string fault, int silos, int seconds)
    {
        var report = await Chaos(fault, silos, seconds);

        Assert.True((bool)report["faultHappened"]!);
        Assert.All(new[] { "lost", "executedAgainAfterCompletion", "staleCompletionsAccepted", "stepsRepeated" }, breach => Assert.Equal(0, (int)report[breach]!));
        Assert.Equal((1, 0), ((int)report["clusters"]!, (int)report["remindersMissed"]!));
        Assert.True((int)report["completed"]! > 500, report.ToJsonString());
    }

    /// <summary>Delays, retries, cancels, schedules, keys and limits.</summary>
    [Theory]
    [InlineData("redis-flush", 2, 4)]
    [InlineData("redis-kill", 2, 5)]
    [InlineData("silo-kill", 2, 8)]
    public async Task Chaos_MixedLoad_PromisesHold(string fault, int silos, int seconds)
    {
        var report = await Chaos(fault, silos, seconds, "--load", "mixed");

        var acknowledged = report["mixed"]!["acknowledged"]!.AsObject();
        Assert.All(new[] { "delayed", "flaky", "dying", "cancelled", "ordered", "limited", "keyed", "scheduled" }, sort => Assert.True((int?)acknowledged[sort] > 0, report.ToJsonString()));
    }

    [Fact]
    public async Task Chaos_SiloAlone_IsDeadToTheOthersAndComesBackAndNothingIsLost()
    {
        var report = await Chaos("partition-from-all", silos: 3, seconds: 12);

        Assert.Equal((0, 1, 1), ((int)report["lost"]!, (int)report["clusters"]!, (int)report["silosRestarted"]!));
    }

    [Fact]
    public async Task Chaos_FaultsOneAfterTheOther_PromisesHold()
    {
        using var scratch = new Scratch();

        var report = await Chaos("everything", silos: 2, seconds: 30, "--samples", scratch.At("samples.csv"));

        Assert.Equal((0, 1, 0), ((int)report["lost"]!, (int)report["clusters"]!, (int)report["remindersMissed"]!));
        Assert.All(new[] { "residentBytes", "heapBytes", "activations", "timers", "journalBytes" }, figure => Assert.True((double?)report["soak"]![figure]?["last"] > 0, report.ToJsonString()));
        var lines = await File.ReadAllLinesAsync(scratch.At("samples.csv"));
        Assert.StartsWith("seconds,process,pid,resident_bytes,", lines[0]);
        Assert.All(new[] { ",silo-1,", ",silo-2,", ",redis," }, process => Assert.Contains(lines, line => line.Contains(process, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Chaos_DiskFullAndRedisDown_RefusesAndNothingRefusedRuns()
    {
        var report = await Chaos("disk-full", silos: 1, seconds: 3);

        Assert.True((int)report["refused"]! > 0);
        Assert.Equal((0, 0), ((int)report["lost"]!, (int)report["refusedAndRan"]!));
    }

    /// <summary>A run that passes. Its last line of output is the report; its exit code agrees with it.</summary>
    private static async Task<JsonNode> Chaos(string fault, int silos, int seconds, params string[] more)
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "Chaos needs a redis-server: its faults are a real one's.");
        using var scratch = new Scratch();
        await using var chaos = ChildProcess.Morningai(["chaos", "--fault", fault, "--silos", $"{silos}", "--seconds", $"{seconds}", "--rate", "100", "--slack", $"{Slack}", "--json", .. more], workingDirectory: scratch.Path);
        var code = await chaos.WaitForExit(Limit);
        Assert.SkipWhen(code == NotPermitted, chaos.Errors);
        Assert.True(chaos.Output.Length > 0, chaos.Errors);
        var report = JsonNode.Parse(chaos.Output.Split('\n')[^1])!;
        Assert.Equal((fault, (bool)report["passed"]! ? 0 : 1), ((string)report["fault"]!, code));
        if (code != 0)
            Assert.Fail($"{report.ToJsonString()}\n{WhatSilosSaid((string)report["evidence"]!)}");
        return report;
    }

    /// <summary>The last of it, without Orleans': where the run was on another machine, its evidence is gone with that.</summary>
    private static string WhatSilosSaid(string evidence) =>
        string.Join('\n', Directory.EnumerateFiles(evidence, "silo-*.log").Order(StringComparer.Ordinal).SelectMany(log => File.ReadLines(log)
            .Where(line => line.Contains(": MorningAI.", StringComparison.Ordinal))
            .TakeLast(60)
            .Select(line => $"{Path.GetFileNameWithoutExtension(log)} {line[..Math.Min(line.Length, 240)]}")));
}
