using MorningAI.Diagnosis;

namespace MorningAI.Tests.Unit.Diagnosis;

public sealed class ServerWarningsTests
{
    /// <summary>A server that nobody need worry about.</summary>
    private const string Well = """
        # Server
        redis_version:7.2.0
        run_id:abc
        uptime_in_seconds:60
        loading:0
        used_memory:100
        maxmemory:1000
        total_system_memory:10000
        maxmemory_policy:noeviction
        evicted_keys:0
        mem_fragmentation_ratio:20.5
        connected_clients:3
        maxclients:10000
        blocked_clients:0
        rejected_connections:0
        aof_enabled:1
        aof_last_write_status:ok
        aof_last_bgrewrite_status:ok
        rdb_last_bgsave_status:ok
        rdb_last_save_time:1700000000
        role:master
        connected_slaves:1
        master_repl_offset:1000
        slave0:ip=10.0.0.1,port=6379,state=online,offset=900,lag=1
        db0:keys=5,expires=1,avg_ttl=0
        db1:keys=7,expires=1,avg_ttl=0
        """;

    [Fact]
    public void Of_ServerThatIsWell_SaysNothing() => Assert.Empty(Warnings(""));

    [Fact]
    public void Facts_OfInfo_AreRead()
    {
        var server = ServerFacts.Of(InfoText.Parse(Well.Replace("\n", "\r\n", StringComparison.Ordinal)), "", null);

        Assert.Equal(("7.2.0", "abc", 60L, 12L), (server.Version, server.RunId, server.UptimeSeconds, server.Keys));
        Assert.Equal(new ReplicationFacts("primary", null, null, 1, 1, 100), server.Replication);
        Assert.Equal((100L, 1000L, 20.5), (server.Memory.UsedBytes, server.Memory.LimitBytes, server.Memory.Fragmentation));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), server.Persistence.RdbLastSaveAt);
    }

    [Fact]
    public void Facts_OfAServerThatSaysNothing_AreUnknown()
    {
        var server = ServerFacts.Of(InfoText.Parse("nonsense\r\nused_memory:much\r\nrdb_last_save_time:99999999999999\r\n"), null, null);

        Assert.Empty(ServerWarnings.Of(server, Given.Now));
        Assert.Null(server.Memory.UsedBytes);
    }

    [Theory]
    [InlineData("loading:1", "loading", "bad")]
    [InlineData("used_memory:801", "memory_high", "bad")]
    [InlineData("maxmemory:0\nused_memory:8001", "memory_high", "bad")]
    [InlineData("maxmemory_policy:allkeys-lru", "eviction_policy", "bad")]
    [InlineData("maxmemory:0\nmaxmemory_policy:volatile-ttl", "eviction_policy", "warning")]
    [InlineData("evicted_keys:1", "evictions", "bad")]
    [InlineData("maxmemory:0\ntotal_system_memory:9000000000\nused_memory:300000000\nmem_fragmentation_ratio:1.6", "fragmentation", "warning")]
    [InlineData("aof_last_write_status:err", "aof_write_failed", "bad")]
    [InlineData("aof_last_bgrewrite_status:err", "aof_rewrite_failed", "bad")]
    [InlineData("rdb_last_bgsave_status:err", "rdb_save_failed", "bad")]
    [InlineData("slave0:ip=10.0.0.1,port=6379,state=online,offset=900,lag=11", "replica_lag", "warning")]
    [InlineData("connected_clients:8001", "clients_high", "warning")]
    [InlineData("rejected_connections:1", "clients_rejected", "warning")]
    public void Of_OneThingBad_IsFlagged(string changed, string code, string severity)
    {
        var warning = Assert.Single(Warnings(changed));
        Assert.Equal((code, severity), (warning.Code, warning.Severity));
    }

    [Theory]
    [InlineData("", "no_persistence", "bad")]
    [InlineData("3600 1", "aof_off", "warning")]
    [InlineData(null, "aof_off", "warning")]
    public void Of_NoAppendOnlyFile_IsFlaggedByWhatElseThereIs(string? schedule, string code, string severity)
    {
        var warning = Assert.Single(Warnings("aof_enabled:0", schedule));
        Assert.Equal((code, severity), (warning.Code, warning.Severity));
    }

    [Fact]
    public void Of_ReplicaThatLostItsPrimary_IsFlagged()
    {
        var codes = Warnings("role:slave\nmaster_host:10.0.0.1\nmaster_port:6379\nmaster_link_status:down\nmaster_last_io_seconds_ago:-1").Select(w => w.Code);
        Assert.Equal(["is_replica", "replica_link_down"], codes);
    }

    [Fact]
    public void Of_SlowCommands_OnlyThoseOfTheLastHour()
    {
        SlowCommand[] old = [new(Given.Now.AddHours(-2), 900, "KEYS *")];
        Assert.Empty(Warnings("", slow: old));

        var warning = Assert.Single(Warnings("", slow: [.. old, new(Given.Now.AddMinutes(-1), 15, "LRANGE a"), new(Given.Now.AddMinutes(-2), 25, "KEYS b")]));
        Assert.Equal("slow_commands", warning.Code);
        Assert.Contains("KEYS b", warning.What, StringComparison.Ordinal);
    }

    [Fact]
    public void SlowLog_LongAndSecretArguments_AreCutAndHidden()
    {
        var entries = SlowCommand.Read(Array(
            Entry("SET", new string('k', 100), "v\n1", "PX", "5", "NX"),
            Entry("AUTH", "secret"),
            Entry("PING"),
            Array(Bulk("not"), Bulk("an entry"))));

        Assert.Equal([$"SET {new string('k', 40)}… v?1 PX (and 2 more)", "AUTH (and 1 more)", "PING"], entries!.Select(e => e.Command));
        Assert.All(entries!, e => Assert.Equal((Given.Now, 12.5), (e.At, e.Ms)));
    }

    private static IReadOnlyList<ServerWarning> Warnings(string changed, string? schedule = "", IReadOnlyList<SlowCommand>? slow = null) =>
        ServerWarnings.Of(ServerFacts.Of(InfoText.Parse($"{Well}\n{changed}"), schedule, slow), Given.Now);

    private static RespReply Entry(params string[] words) =>
        Array(Bulk("1"), Bulk($"{Given.Now.ToUnixTimeSeconds()}"), Bulk("12500"), Array([.. words.Select(Bulk)]), Bulk("127.0.0.1:1"), Bulk(""));

    private static RespReply Array(params RespReply[] items) => new(RespKind.Array, "", items);

    private static RespReply Bulk(string text) => new(RespKind.Bulk, text, []);
}
