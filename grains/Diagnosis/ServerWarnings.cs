using System.Globalization;

namespace MorningAI.Diagnosis;

/// <summary>What in a server's figures is bad, and what to do.</summary>
internal static class ServerWarnings
{
    /// <summary>Of the limit. A rewrite of the append-only file takes memory of its own.</summary>
    public const double HighMemory = 0.8;

    /// <summary>Below it fragmentation is the allocator's own overhead.</summary>
    private const long FragmentationMatters = 256L * 1024 * 1024;

    private const double HighClients = 0.8, HighFragmentation = 1.5;

    /// <summary>In s. Replicas confirm once a second.</summary>
    private const long HighLag = 10;

    /// <summary>Older entries of the slow log are history.</summary>
    private static readonly TimeSpan Recently = TimeSpan.FromHours(1);

    public static IReadOnlyList<ServerWarning> Of(ServerFacts server, DateTimeOffset now) =>
        [.. OfState(server), .. OfMemory(server.Memory), .. OfPersistence(server.Persistence), .. OfReplication(server.Replication), .. OfLoad(server, now)];

    private static IEnumerable<ServerWarning> OfState(ServerFacts server)
    {
        if (server.Loading)
            yield return Bad("loading", "It reads its data after a start and takes no work yet.", "Wait; work goes on from the journals meanwhile.");
    }

    private static IEnumerable<ServerWarning> OfMemory(MemoryFacts memory)
    {
        var limit = memory.LimitBytes ?? memory.MachineBytes;
        if (memory.UsedBytes is { } used && limit is > 0 && (double)used / limit.Value > HighMemory)
        {
            yield return Bad(
                "memory_high",
                string.Create(CultureInfo.InvariantCulture, $"{(double)used / limit.Value:P0} of {(memory.LimitBytes is null ? "the machine's memory" : "its memory limit")} is used."),
                "At the limit every write is refused. Raise maxmemory or give it a larger machine; find large keys with redis-cli --bigkeys.");
        }

        if (memory.Policy is { } policy && policy != "noeviction")
        {
            var what = $"maxmemory-policy is {policy}: at its limit Redis forgets keys, tasks among them.";
            const string advice = "CONFIG SET maxmemory-policy noeviction, and the same in redis.conf: a refused write is kept in the journal, a forgotten one is lost.";
            yield return memory.LimitBytes is null ? Warning("eviction_policy", what, advice) : Bad("eviction_policy", what, advice);
        }

        if (memory.Evicted is > 0 and var evicted)
            yield return Bad("evictions", string.Create(CultureInfo.InvariantCulture, $"It has forgotten {evicted} keys for want of memory since it started."), "Set maxmemory-policy to noeviction and raise maxmemory. The silos put back what their journals still have.");
        if (memory is { Fragmentation: { } fragmentation, UsedBytes: > FragmentationMatters } && fragmentation is > HighFragmentation or < 1)
        {
            yield return Warning(
                "fragmentation",
                string.Create(CultureInfo.InvariantCulture, $"The fragmentation ratio is {fragmentation:0.##}{(fragmentation < 1 ? ": a part of its memory is swapped out" : "")}."),
                fragmentation < 1 ? "Give the machine more memory: a Redis that swaps stands still." : "CONFIG SET activedefrag yes, or restart it in a quiet hour.");
        }
    }

    private static IEnumerable<ServerWarning> OfPersistence(PersistenceFacts persistence)
    {
        const string disk = "Look at the free space and the permissions of its directory, and at its log.";
        if (persistence is { Aof: true, AofLastWrite: not (null or "ok") })
            yield return Bad("aof_write_failed", "The last write to its append-only file failed.", disk);
        if (persistence is { Aof: true, AofLastRewrite: not (null or "ok") })
            yield return Bad("aof_rewrite_failed", "The last rewrite of its append-only file failed: the file grows.", disk);
        if (persistence.RdbLastSave is not (null or "ok"))
            yield return Bad("rdb_save_failed", "The last snapshot (RDB) failed; unless told otherwise it then refuses writes (MISCONF).", disk);
        if (persistence is { Aof: false, SaveSchedule: "" })
            yield return Bad("no_persistence", "It keeps nothing on disk: a restart of Redis loses all that the silos' journals no longer have.", "CONFIG SET appendonly yes, and the same in redis.conf.");
        else if (persistence.Aof == false)
            yield return Warning("aof_off", "It has no append-only file: a crash of Redis loses what came after the last snapshot.", "CONFIG SET appendonly yes, and the same in redis.conf.");
    }

    private static IEnumerable<ServerWarning> OfReplication(ReplicationFacts replication)
    {
        if (replication.Role == "replica")
            yield return Bad("is_replica", $"It is a replica of {replication.Primary}, and takes no writes.", "Name the primary in REDIS_URL.");
        if (replication.LinkUp == false)
            yield return Bad("replica_link_down", "It has lost its primary.", "Look at the primary, and at the network between.");
        if (replication.LagSeconds is > HighLag and var lag)
            yield return Warning("replica_lag", string.Create(CultureInfo.InvariantCulture, $"A replica is {lag} s behind."), "After a failover that much would be missing. Look at its load and at the network between.");
    }

    private static IEnumerable<ServerWarning> OfLoad(ServerFacts server, DateTimeOffset now)
    {
        if (server.Clients is { Connected: { } connected, Limit: > 0 and var most } && connected > HighClients * most)
            yield return Warning("clients_high", string.Create(CultureInfo.InvariantCulture, $"{connected} of {most} clients are connected."), "Raise maxclients, or find who opens so many connections: CLIENT LIST.");
        if (server.Clients.Rejected is > 0 and var rejected)
            yield return Warning("clients_rejected", string.Create(CultureInfo.InvariantCulture, $"It has refused {rejected} connections since it started, having too many."), "Raise maxclients, or find who opens so many connections: CLIENT LIST.");
        if (server.SlowLog?.Where(s => now - s.At < Recently).ToArray() is [_, ..] slow)
        {
            var slowest = slow.MaxBy(s => s.Ms)!;
            yield return Warning(
                "slow_commands",
                string.Create(CultureInfo.InvariantCulture, $"{slow.Length} of its latest slow commands ran within the last hour, the slowest for {slowest.Ms:0.#} ms: {slowest.Command}"),
                "All others wait meanwhile. KEYS and large ranges come from other programs: give them a Redis of their own. Slow scripts of ours mean a slow machine or disk.");
        }
    }

    private static ServerWarning Bad(string code, string what, string advice) => new(code, ServerWarning.Bad, what, advice);

    private static ServerWarning Warning(string code, string what, string advice) => new(code, ServerWarning.Warning, what, advice);
}
