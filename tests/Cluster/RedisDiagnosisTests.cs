using MorningAI.Diagnosis;
using MorningAI.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>A real Redis in each broken state: the step that fails is named.</summary>
public sealed class RedisDiagnosisTests : IAsyncLifetime
{
    private RedisServer _redis = null!;
    private ConnectionMultiplexer _admin = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "Garnet does not know these states.");
        Assert.SkipWhen(UnreliableStore.Seed is not null, "It has a store of its own.");
        _redis = await RedisServer.Start();
        _admin = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_redis.Port},allowAdmin=true,abortConnect=false");
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
            await _admin.DisposeAsync();
        if (_redis is not null)
            await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Diagnose_AllIsWell_LeavesNothingBehind()
    {
        var diagnosis = await Diagnose($"redis://localhost:{_redis.Port}/3");

        Assert.True(diagnosis is { Ok: true, FirstFailure: null }, string.Join('\n', diagnosis.Steps));
        Assert.Equal(["dns ok", "tcp ok", "tls skipped", "auth skipped", "ping ok", "role ok", "write ok"], diagnosis.Steps.Select(s => $"{s.Step} {s.Outcome}"));
        Assert.Equal(0, (long)await _admin.GetDatabase(3).ExecuteAsync("DBSIZE"));
    }

    [Fact]
    public async Task Diagnose_WrongHostName_IsDns() => await Fails("redis://no-such-host.invalid", "dns");

    [Fact]
    public async Task Diagnose_WrongPort_IsTcp() => await Fails($"redis://127.0.0.1:{FreePort.Next()}", "tcp", "tcp_refused");

    [Fact]
    public async Task Diagnose_TlsAskedOfAPlainPort_IsTls() => await Fails($"rediss://127.0.0.1:{_redis.Port}", "tls", "tls_plain_server");

    [Fact]
    public async Task Diagnose_Passwords_AreAuth()
    {
        await Config("requirepass", "right");

        await Fails($"redis://127.0.0.1:{_redis.Port}", "auth", "auth_missing_password");
        await Fails($"redis://:wrong@127.0.0.1:{_redis.Port}", "auth", "auth_wrong_password");
        await Fails($"redis://nobody:right@127.0.0.1:{_redis.Port}", "auth", "auth_wrong_password");
        Assert.True((await Diagnose($"redis://:right@127.0.0.1:{_redis.Port}")).Ok);
    }

    [Fact]
    public async Task Diagnose_PasswordThatNobodyAskedFor_IsFine() => Assert.True((await Diagnose($"redis://:any@127.0.0.1:{_redis.Port}")).Ok);

    [Fact]
    public async Task Diagnose_UserWithoutPermissions_IsAuthOrWrite()
    {
        await _admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "none", "on", ">pass");
        await _admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "reader", "on", ">pass", "~*", "+@read", "+ping", "+info");

        await Fails($"redis://none:pass@127.0.0.1:{_redis.Port}", "auth", "auth_no_permission");
        await Fails($"redis://reader:pass@127.0.0.1:{_redis.Port}", "write", "write_no_permission");
    }

    [Fact]
    public async Task Diagnose_Replica_IsRole()
    {
        await _admin.GetDatabase().ExecuteAsync("REPLICAOF", "127.0.0.1", $"{FreePort.Next()}");

        await Fails(_redis.Url, "role", "role_replica");
    }

    [Fact]
    public async Task Diagnose_MemoryLimitReached_IsWrite()
    {
        await Config("maxmemory", "1");

        await Fails(_redis.Url, "write", "write_out_of_memory");
    }

    [Fact]
    public async Task Diagnose_DatabaseThatIsNotThere_IsWrite() => await Fails($"{_redis.Url}/99", "write", "write_no_database");

    [Fact]
    public async Task Diagnose_Stopped_IsPingAndNotTcp()
    {
        _redis.Pause();
        try
        {
            await Fails(_redis.Url, "ping", "ping_timeout");
        }
        finally
        {
            _redis.Resume();
        }
    }

    [Fact]
    public async Task Ping_Answers_HasTimes()
    {
        var ping = await Prober(_redis.Url).Ping(CancellationToken.None);

        Assert.True(ping is { Ok: true, Count: 5, BestMs: > 0 });
    }

    [Fact]
    public async Task Inspect_ServerUnderPressure_FlagsIt()
    {
        var database = _admin.GetDatabase();
        await database.StringSetAsync("large", new string('x', 1_000_000));
        await Config("slowlog-log-slower-than", "0");
        await Config("appendonly", "no");
        await Config("maxmemory-policy", "allkeys-lru");
        await Config("maxmemory", "1");

        var info = await Prober(_redis.Url).Inspect(CancellationToken.None);

        Assert.True(info.Ok, info.Failure?.What);
        var server = info.Server!;
        Assert.True(server is { Version: not null, RunId.Length: 40, Replication.Role: "primary", Memory: { LimitBytes: 1, Policy: "allkeys-lru" }, Persistence: { Aof: false, SaveSchedule: "" } });
        Assert.Contains(server.SlowLog!, s => s.Command.StartsWith("CONFIG (and", StringComparison.Ordinal));
        Assert.Superset(new HashSet<string>(["memory_high", "eviction_policy", "no_persistence", "slow_commands"]), info.Warnings.Select(w => w.Code).ToHashSet());
    }

    [Fact]
    public async Task Inspect_ServerAsItShouldBe_SaysNothingOfPersistenceAndMemory()
    {
        await Config("maxmemory-policy", "noeviction");

        var info = await Prober(_redis.Url).Inspect(CancellationToken.None);

        Assert.DoesNotContain(info.Warnings, w => w.Severity == ServerWarning.Bad && w.Code != "memory_high"); // the machine's own may be full
    }

    private Task Config(string name, string value) => _admin.GetDatabase().ExecuteAsync("CONFIG", "SET", name, value);

    private static async Task Fails(string url, string step, string? code = null)
    {
        var diagnosis = await Diagnose(url);

        Assert.Equal(step, diagnosis.FirstFailure);
        var failure = Assert.Single(diagnosis.Steps, s => s.Outcome == ProbeFinding.Failed);
        if (code is not null)
            Assert.Equal(code, failure.Code);
        Assert.NotNull(failure.Advice);
    }

    private static Task<RedisDiagnosis> Diagnose(string url) => Prober(url).Diagnose(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));

    private static RedisProber Prober(string url) => new(RedisTarget.Of(url), RedisDiagnosis.Here, TimeProvider.System);
}
