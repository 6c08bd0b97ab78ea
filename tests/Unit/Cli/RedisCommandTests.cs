using System.Text.Json;
using MorningAI.Cli;
using MorningAI.Tests.Unit.Diagnosis;

namespace MorningAI.Tests.Unit.Cli;

public sealed class RedisCommandTests : IDisposable
{
    private const string Failed = """{"step":"auth","outcome":"failed","ms":0.4,"code":"auth_wrong_password","what":"Redis knows no such user.","advice":"Compare REDIS_URL."}""";

    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Ping_Answers_ShowsTimesAndTheLastSuccess()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /ops/redis/ping", 200, """{"asked_from":"s1","address":"redis://:***@r:6379","ok":true,"count":5,"best_ms":0.2,"median_ms":1.5,"last_answer_at":"1969-12-31T23:59:48Z","state":"healthy","later":1}""");

        var said = await _cli.Run(silo, "redis", "ping");

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Error));
        foreach (var expected in new[] { "redis://:***@r:6379", "silo s1", "best 200 µs, median 1.5 ms of 5", "healthy", "12 s ago" })
            Assert.Contains(expected, said.Out, StringComparison.Ordinal);
        Assert.Contains("\"later\":1", (await _cli.Run(silo, "redis", "ping", "--json")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_StepFails_IsOneAndSaysHowToMend()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /ops/redis/ping", 200, $$"""{"asked_from":"s1","address":"redis://r:6379","ok":false,"count":0,"failure":{{Failed}},"state":"down"}""");

        var said = await _cli.Run(silo, "redis", "ping");

        Assert.Equal(ExitCode.Failed, said.Code);
        Assert.Contains("auth: Redis knows no such user.", said.Out, StringComparison.Ordinal);
        Assert.Contains("Compare REDIS_URL.", said.Out, StringComparison.Ordinal);
        Assert.Contains("has not answered the silo's work yet", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diagnose_StepFails_ShowsEveryStepAndIsOne()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("POST /ops/redis/diagnose", 200, $$"""
            {"asked_from":"s1","address":"redis://r:6379","ok":false,"first_failure":"auth","steps":[
             {"step":"dns","outcome":"ok","ms":0.1,"what":"10.0.0.1"},{"step":"tls","outcome":"skipped","what":"the URL asks for none"},{{Failed}},
             {"step":"ping","outcome":"skipped","what":"not \u001b[2Jreached"}]}
            """);

        var said = await _cli.Run(silo, "redis", "diagnose");

        Assert.Equal(ExitCode.Failed, said.Code);
        foreach (var expected in new[] { "dns         ok", "100 µs  10.0.0.1", "auth        FAILED", "mend        Compare REDIS_URL." })
            Assert.Contains(expected, said.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', said.Out);
    }

    [Fact]
    public async Task Info_ServerWithTrouble_ShowsFiguresAndWarnings()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /ops/redis", 200, """
            {"asked_from":"s1","address":"redis://r:6379","ok":true,"state":"healthy","server":{"version":"7.2.0","run_id":"abc","uptime_seconds":7200,"loading":false,
              "memory":{"used_bytes":1048576,"limit_bytes":1153434,"policy":"allkeys-lru","evicted":3},"clients":{"connected":2,"limit":100},
              "persistence":{"aof":true,"aof_last_write":"err"},"replication":{"role":"primary","replicas":0},"keys":1234,
              "slow_log":[{"at":"1969-12-31T23:59:00Z","ms":25,"command":"KEYS *"}]},
             "warnings":[{"code":"evictions","severity":"bad","what":"It has forgotten 3 keys.","advice":"Raise maxmemory."}]}
            """);

        var said = await _cli.Run(silo, "redis", "info");

        Assert.Equal(ExitCode.Ok, said.Code);
        foreach (var expected in new[] { "version 7.2.0, up 2 h, run id abc", "1 MiB of 1.1 MiB (91 %), allkeys-lru, 3 evicted", "1,234", "last write err", "25 ms  1 min ago  KEYS *", "BAD         It has forgotten 3 keys.", "Raise maxmemory." })
            Assert.Contains(expected, said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_NoAnswer_IsOne()
    {
        await using var silo = await FakeSilo.Start();
        silo.On("GET /ops/redis", 200, $$"""{"asked_from":"s1","address":"redis://r:6379","ok":false,"failure":{{Failed}},"warnings":[],"state":"down"}""");

        Assert.Equal(ExitCode.Failed, (await _cli.Run(silo, "redis", "info")).Code);
    }

    [Theory]
    [InlineData("ping", 0)]
    [InlineData("diagnose", 1)]
    [InlineData("info", 0)]
    public async Task Redis_NoSiloAndARedisUrl_AsksFromHereAndSaysSo(string command, int code)
    {
        await using var redis = FakeServer.Answering("+OK\r\n", "+PONG\r\n");
        await using var info = FakeServer.Answering("+PONG\r\n", "$11\r\nrole:master\r\n", "-ERR no\r\n");
        _cli.Environment["REDIS_URL"] = command == "ping" ? $"redis://:hunter2@127.0.0.1:{redis.Port}" : $"redis://127.0.0.1:{info.Port}";

        var said = await _cli.Run(["redis", command, "--json"], TestContext.Current.CancellationToken);

        Assert.Equal(code, said.Code);
        Assert.Contains("asked from here, no silo answers", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", said.Out + said.Error, StringComparison.Ordinal);
        Assert.Equal("here", JsonDocument.Parse(said.Out).RootElement.GetProperty("asked_from").GetString());
        Assert.Contains("asked from here", (await _cli.Run(["redis", command], TestContext.Current.CancellationToken)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_NamedSiloDoesNotAnswer_AsksFromHere()
    {
        _cli.Environment["REDIS_URL"] = "redis://127.0.0.1:1";

        var said = await _cli.Run(["redis", "diagnose", "--url", "http://127.0.0.1:1"], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Failed, said.Code);
        Assert.Contains("tcp         FAILED", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_NoSiloAndNoRedisUrl_SaysWhatToSet()
    {
        var said = await _cli.Run(["redis", "ping"], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.NoSilo, said.Code);
        Assert.Contains("set REDIS_URL", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_RedisUrlThatCannotBeRead_IsBadInput()
    {
        _cli.Environment["REDIS_URL"] = "http://redis";

        var said = await _cli.Run(["redis", "ping"], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.BadInput, said.Code);
        Assert.Contains("redis://", said.Error, StringComparison.Ordinal);
    }
}
