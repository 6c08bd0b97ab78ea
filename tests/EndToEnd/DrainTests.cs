using System.Text.Json.Nodes;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>SIGTERM on a busy silo.</summary>
public sealed class DrainTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Terminate_BusySilo_ShowsDrainingTakesNothingNewAndFinishes()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var silo = await SiloProcess.Start(scratch.At("1"), redis.Url, "leaving");
        await using var other = await SiloProcess.Start(scratch.At("2"), redis.Url, "staying");
        await Deadline.Until("both workers are known", Limit, async () => (await other.Overview())["workers"]!.AsArray().Count == 2);
        var running = new List<string>();
        for (var i = 0; i < 8; i++)
            running.Add((await silo.Submit(new { kind = "sleep", payload = new { seconds = 4 } }))!);
        await Deadline.Until("both work", Limit, async () => (await other.Overview())["workers"]!.AsArray().All(w => (int)w!["running"]! > 0));

        silo.Process.Signal("TERM");
        await Deadline.Until("it is shown draining", Limit, async () => Health(await other.Overview(), "leaving") == "draining");
        var later = (await other.Submit(new { kind = "echo", payload = 1 }))!;
        var exit = await silo.Process.WaitForExit(Limit);

        Assert.Equal(0, exit);
        // A busy machine says so, and has nothing to do with the drain.
        Assert.DoesNotContain(silo.Process.Errors.Split('\n'), line => line.Contains("warn", StringComparison.Ordinal) && !line.Contains("ThreadPoolGuard", StringComparison.Ordinal));
        Assert.Equal("staying", Worker(await other.End(later, Limit)));
        foreach (var id in running)
        {
            var task = await other.End(id, Limit);
            Assert.Equal("succeeded", (string?)task["status"]);
            Assert.Equal(1, (int)task["attempt"]!);
        }
    }

    [Fact]
    public async Task Terminate_WorkLongerThanGrace_HandedBackAndDoneElsewhere()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var silo = await SiloProcess.Start(scratch.At("1"), redis.Url, "leaving", ("MorningAI__Workers__DrainGrace", "00:00:01"));
        var id = (await silo.Submit(new { kind = "sleep", payload = new { seconds = 6 } }))!;
        await Deadline.Until("it runs", Limit, async () => (string?)(await silo.Task(id))["status"] == "running");
        await using var other = await SiloProcess.Start(scratch.At("2"), redis.Url, "staying");

        silo.Process.Signal("TERM");

        Assert.Equal(0, await silo.Process.WaitForExit(Limit));
        var task = await other.End(id, Limit);
        Assert.Equal("succeeded", (string?)task["status"]);
        Assert.Equal(2, (int)task["attempt"]!);
        Assert.Contains(task["history"]!.AsArray(), e => ((string?)e!["note"])?.Contains("handed back", StringComparison.Ordinal) == true);
    }

    private static string? Health(JsonObject overview, string name) =>
        (string?)overview["workers"]!.AsArray().SingleOrDefault(w => (string)w!["name"]! == name)?["health"];

    private static string Worker(JsonObject task) =>
        ((string)task["history"]!.AsArray().Single(e => (string)e!["status"]! == "running")!["note"]!)["on ".Length..];
}
