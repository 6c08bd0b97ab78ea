using MorningAI.Cli;
using MorningAI.Cli.Display;

namespace MorningAI.Tests.Unit.Cli;

public sealed class InfoCommandTests : IDisposable
{
    private const string Overview = """
        {"silo":{"name":"s1","version":"0.1.0","url":"http://127.0.0.1:8080","started_at":"1969-12-31T22:00:00Z"},
         "cluster":{"cluster_id":"c","service_id":"v","silos":[{"name":"s1","address":"127.0.0.1:11111","status":"active"}]},
         "store":{"kind":"redis","state":"degraded","endpoint":"redis:6379"},
         "workers":[{"name":"w1","host":"h1","health":"stale","concurrency":16,"running":3,"waiting":2,"abandoned":1,"finished":99,
                     "last_beat_at":"1969-12-31T23:57:00Z","started_at":"1969-12-31T22:00:00Z","kinds":["faq","echo"],"reason":"no [beat]"}],
         "queues":[{"queue":"faq","partitions":4,"ready":7,"assigned":3,"workers":1,"oldest_ready_at":"1969-12-31T23:59:48Z","states":{"queued":7,"running":3}}],
         "tasks":{"queued":7,"running":3,"succeeded":90},
         "later":"kept"}
        """;

    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Info_Overview_ShowsWorkersQueuesTasksAndStore()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /ops/overview", 200, Overview);

        var said = await _cli.Run(silo, "info");

        Assert.Equal(ExitCode.Ok, said.Code);
        foreach (var expected in new[] { "s1  0.1.0", "up 2 h", "redis  degraded  redis:6379", "w1 (h1)", "stale", "3/16 +1 abandoned", "3 min ago", "faq echo", "no [beat]", "12 s", "queued 7, running 3, succeeded 90" })
            Assert.Contains(expected, said.Out);
        Assert.DoesNotContain('\x1b', said.Out);
    }

    [Fact]
    public async Task Info_Json_PrintsAllThatTheSiloSaidOnOneLine()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /ops/overview", 200, Overview);

        var said = await _cli.Run(silo, "info", "--json");

        Assert.Contains("\"later\":\"kept\"", Assert.Single(said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public async Task InfoWatch_SiloAwayForAWhileThenInterrupted_GoesOnAndSucceeds()
    {
        using var interrupt = new CancellationTokenSource();
        await using var silo = await FakeSilo.Start();
        silo.On("GET /ops/overview", 200, Overview)
            .Drop("GET /ops/overview")
            .On("GET /ops/overview", 200, Overview)
            .On("GET /ops/overview", async http =>
            {
                await interrupt.CancelAsync();
                http.Abort();
            });
        _cli.DefaultSilo = silo.Url;

        var said = await _cli.Run(["info", "--watch", "--json"], interrupt.Token);

        Assert.Equal(ExitCode.Ok, said.Code);
        Assert.Equal(2, said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("does not answer", said.Error);
    }

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(7199, "1 h")]
    [InlineData(86_400 * 3, "3 d")]
    public void Age_AnySpan_IsOneUnitRoundedDown(double seconds, string expected) =>
        Assert.Equal(expected, OverviewText.Age(TimeSpan.FromSeconds(seconds)));
}
