using System.Net;
using MorningAI.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.EndToEnd;

/// <summary>One cluster, whatever its table goes through. Each of these splits or ends silos with Orleans' own table alone.</summary>
public sealed class MembershipTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task SiloStarts_TableWasFlushed_JoinsTheClusterThatIsThere()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var one = await SiloProcess.Start(scratch.At("1"), redis.Url, "one");
        await using var two = await SiloProcess.Start(scratch.At("2"), redis.Url, "two");

        await Flush(redis);
        await using var three = await SiloProcess.Start(scratch.At("3"), redis.Url, "three");

        await SeeEachOther(one, two, three);
    }

    [Fact]
    public async Task SiloStarts_RedisDown_WaitsLiveAndNotReadyAndJoinsWhenItReturns()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var one = await SiloProcess.Start(scratch.At("1"), redis.Url, "one");
        await redis.Kill();

        await using var two = SiloProcess.Launch(scratch.At("2"), redis.Url, "two");
        await Deadline.Until("it is live and says what it waits for", Limit, async () =>
        {
            using var live = await two.Http.GetAsync("/health/live");
            using var ready = await two.Http.GetAsync("/health/ready");
            return live.StatusCode == HttpStatusCode.OK
                && ready.StatusCode == HttpStatusCode.ServiceUnavailable
                && (await ready.Content.ReadAsStringAsync()).Contains("Redis", StringComparison.Ordinal);
        }, () => two.Process.Errors);
        Assert.NotNull(await one.Submit(new { kind = "echo", payload = 1 }));
        await redis.Begin();
        await two.WaitUntilReady();

        await SeeEachOther(one, two);
    }

    /// <summary>Every silo dies in an outage, and the store comes back empty: the first to return must not take it for a new cluster's.</summary>
    [Fact]
    public async Task AllSilosRestart_RedisCameBackEmpty_OneClusterAndNothingIsLost()
    {
        using var scratch = new Scratch();
        await using var redis = await RedisServer.Start();
        await using var one = await SiloProcess.Start(scratch.At("1"), redis.Url, "one");
        await using var two = await SiloProcess.Start(scratch.At("2"), redis.Url, "two");
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : two).Submit(new { kind = "echo", payload = i })));
        await Task.WhenAll(one.Kill(), two.Kill());
        await Flush(redis);

        await Task.WhenAll(one.Restart(), two.Restart());

        await SeeEachOther(one, two);
        foreach (var id in ids)
            Assert.Equal("succeeded", (string?)(await one.End(id!, Limit))["status"]);
    }

    private static async Task SeeEachOther(params SiloProcess[] silos)
    {
        string[] views = [];
        await Deadline.Until("every silo sees every worker", Limit, async () =>
        {
            views = await Task.WhenAll(silos.Select(View));
            return views.Distinct().Count() == 1 && views[0].Split(' ').Length == silos.Length;
        }, () => $"{string.Join(" | ", views)}\n{string.Join("\n--\n", silos.Select(s => s.Process.Errors))}");
    }

    private static async Task<string> View(SiloProcess silo)
    {
        var workers = (await silo.Overview())["workers"]!.AsArray().Where(w => (string?)w!["health"] == "healthy");
        return string.Join(' ', workers.Select(w => (string)w!["name"]!).Order(StringComparer.Ordinal));
    }

    private static async Task Flush(RedisServer redis)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{redis.Port},allowAdmin=true");
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }
}
