using System.Globalization;

namespace MorningAI.Diagnosis;

/// <summary>A Redis in figures. What it does not say is null: servers that only speak its protocol say less.</summary>
public sealed record ServerFacts(
    string? Version,
    string? RunId,
    long? UptimeSeconds,
    bool Loading,
    MemoryFacts Memory,
    ClientFacts Clients,
    PersistenceFacts Persistence,
    ReplicationFacts Replication,
    long Keys,
    IReadOnlyList<SlowCommand>? SlowLog)
{
    internal static ServerFacts Of(IReadOnlyDictionary<string, string> info, string? saveSchedule, IReadOnlyList<SlowCommand>? slowLog)
    {
        string? Text(string name) => info.TryGetValue(name, out var text) && text.Length > 0 ? OneLine.Of(text) : null;
        long? Number(string name) => long.TryParse(info.GetValueOrDefault(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
        double? Ratio(string name) => double.TryParse(info.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
        return new ServerFacts(
            Text("redis_version"),
            Text("run_id"),
            Number("uptime_in_seconds"),
            Number("loading") == 1,
            new MemoryFacts(Number("used_memory"), Number("maxmemory") is > 0 and var most ? most : null, Number("total_system_memory"), Text("maxmemory_policy"), Number("evicted_keys"), Ratio("mem_fragmentation_ratio")),
            new ClientFacts(Number("connected_clients"), Number("maxclients"), Number("blocked_clients"), Number("rejected_connections")),
            new PersistenceFacts(
                Number("aof_enabled") is { } aof ? aof == 1 : null,
                Text("aof_last_write_status"),
                Text("aof_last_bgrewrite_status"),
                saveSchedule,
                Text("rdb_last_bgsave_status"),
                Number("rdb_last_save_time") is > 0 and < 253_402_300_800 and var saved ? DateTimeOffset.FromUnixTimeSeconds(saved) : null,
                Number("rdb_changes_since_last_save")),
            ReplicationFacts.Of(info),
            info.Where(f => f.Key.StartsWith("db", StringComparison.Ordinal)).Sum(f => KeysOf(f.Value)),
            slowLog);
    }

    /// <summary>Of a line such as <c>keys=1,expires=0,avg_ttl=0</c>.</summary>
    private static long KeysOf(string database) => ReplicationFacts.Field(database, "keys") ?? 0;
}

/// <param name="LimitBytes">Null for none: then the machine's memory is the limit.</param>
/// <param name="MachineBytes">The memory of its machine.</param>
/// <param name="Policy">What it does at the limit: <c>noeviction</c> refuses writes, any other forgets keys.</param>
/// <param name="Evicted">Keys that it forgot so, since it started.</param>
/// <param name="Fragmentation">Memory taken from the system by memory used.</param>
public sealed record MemoryFacts(long? UsedBytes, long? LimitBytes, long? MachineBytes, string? Policy, long? Evicted, double? Fragmentation);

public sealed record ClientFacts(long? Connected, long? Limit, long? Blocked, long? Rejected);

/// <param name="AofLastWrite"><c>ok</c> or <c>err</c>; so for the next, and for <paramref name="RdbLastSave"/>.</param>
/// <param name="SaveSchedule">Pairs of seconds and changes; empty for never; null where it may not be asked.</param>
/// <param name="ChangesSinceSave">Writes that the last snapshot does not have.</param>
public sealed record PersistenceFacts(bool? Aof, string? AofLastWrite, string? AofLastRewrite, string? SaveSchedule, string? RdbLastSave, DateTimeOffset? RdbLastSaveAt, long? ChangesSinceSave);
