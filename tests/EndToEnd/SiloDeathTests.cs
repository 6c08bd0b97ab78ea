using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>SIGKILL on real silo processes, judged by a ledger outside the system.</summary>
public sealed class SiloDeathTests
{
    [Fact]
    public async Task SiloWithEmbeddedStore_KilledMidway_EveryAcknowledgedTaskFinishes()
    {
        const int tasks = 1000, inFlight = 16;
        using var scratch = new Scratch();
        await using var ledger = await Ledger.Start(TimeSpan.FromMilliseconds(20));
        await using var silo = await SiloProcess.Start(scratch.At("data"));
        var acknowledged = new ConcurrentBag<string>();

        var submitting = Parallel.ForEachAsync(Enumerable.Range(0, tasks), new ParallelOptions { MaxDegreeOfParallelism = inFlight }, async (_, _) =>
        {
            if (await TrySubmit([silo], 0, ledger.Payload) is { } id)
                acknowledged.Add(id);
        });
        await Deadline.Until("half of the tasks ran", TimeSpan.FromSeconds(60), () => Task.FromResult(ledger.Count >= tasks / 2));
        await silo.Kill();
        await submitting;
        await silo.Restart();

        // What runs may be ahead of its receipt.
        Assert.True(acknowledged.Count >= (tasks / 2) - inFlight, $"only {acknowledged.Count} were acknowledged");
        await AllSucceed(silo, acknowledged, TimeSpan.FromSeconds(90));
        Assert.All(acknowledged, id => Assert.True(ledger.Executions.ContainsKey(id), $"{id} is said to have succeeded and never ran"));
    }

    [Fact]
    public async Task ThreeSilos_OneKilledMidway_AllFinishAndNoneFinishedRunsAgain()
    {
        const int tasks = 3000;
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var ledger = await Ledger.Start(TimeSpan.FromMilliseconds(20));
        await using var one = await SiloProcess.Start(scratch.At("1"), redis.Url, "one");
        await using var two = await SiloProcess.Start(scratch.At("2"), redis.Url, "two");
        await using var three = await SiloProcess.Start(scratch.At("3"), redis.Url, "three");
        SiloProcess[] silos = [one, two, three];
        var acknowledged = new ConcurrentBag<string>();

        var submitting = Parallel.ForEachAsync(Enumerable.Range(0, tasks), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            // Whoever cannot reach one silo asks the next, under the same key: it is the same task.
            for (var attempt = 0; attempt < 3; attempt++)
            {
                if (await TrySubmit(silos, i + attempt, ledger.Payload, $"key-{i}") is not { } id)
                    continue;
                acknowledged.Add(id);
                return;
            }
        });
        await Deadline.Until("a third of the tasks ran", TimeSpan.FromSeconds(60), () => Task.FromResult(ledger.Count >= tasks / 3));
        var finishedBefore = await Finished(one, acknowledged);
        var executionsBefore = finishedBefore.ToDictionary(id => id, id => ledger.Executions[id].Count);
        await three.Kill();
        await submitting;

        Assert.Equal(tasks, acknowledged.Count);
        await AllSucceed(one, acknowledged, TimeSpan.FromSeconds(120));
        Assert.All(executionsBefore, before => Assert.Equal(before.Value, ledger.Executions[before.Key].Count));
        Assert.NotEmpty(executionsBefore);
        JsonArray workers = [];
        await Deadline.Until("the dead worker is shown stale and the others have worked", TimeSpan.FromSeconds(60), async () =>
        {
            workers = (await one.Overview())["workers"]!.AsArray();
            return (string?)workers.Single(w => (string)w!["name"]! == "three")!["health"] == "stale"
                && workers.Count(w => (string)w!["health"]! == "healthy" && (long)w["finished"]! > 0) == 2;
        }, () => workers.ToJsonString());
    }

    private static async Task<string?> TrySubmit(SiloProcess[] silos, int which, object payload, string? key = null)
    {
        try
        {
            return await silos[which % silos.Length].Submit(new { kind = "http", payload, idempotency_key = key });
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            return null; // not acknowledged: it may exist or not
        }
    }

    private static async Task<List<string>> Finished(SiloProcess silo, IEnumerable<string> ids)
    {
        var finished = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (id, _) =>
        {
            if ((string?)(await silo.Task(id))["status"] == "succeeded")
                finished.Add(id);
        });
        return [.. finished];
    }

    private static async Task AllSucceed(SiloProcess silo, IEnumerable<string> ids, TimeSpan limit)
    {
        var waiting = ids.ToHashSet();
        await Deadline.Until("all acknowledged tasks have succeeded", limit, async () =>
        {
            waiting.ExceptWith(await Finished(silo, waiting));
            return waiting.Count == 0;
        }, () => $"{waiting.Count} have not, as {waiting.FirstOrDefault()}.\n{silo.Process.Errors}");
    }
}
