using System.Globalization;

namespace MorningAI.Diagnosis;

/// <summary>Writes a key of its own, reads it back and removes it.</summary>
internal static class WriteProbe
{
    /// <summary>Not "morningai:", as the records' keys begin: a store with foreign keys among those is refused by a silo that looks just then.</summary>
    public const string Prefix = "morningai.diagnose.";

    /// <summary>In ms. It goes by itself where the connection ends before it is removed.</summary>
    private const string Life = "30000";

    public static async Task<Verdict> Write(ProbeSession session, CancellationToken cancellationToken)
    {
        if (session.Target.IsSentinel)
            return Verdict.Skipped("a Sentinel keeps nothing");
        var (redis, database) = (session.Redis, session.Target.Database);
        if (database > 0 && await redis.Call(cancellationToken, "SELECT", database.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false) is { IsError: true } refused)
            return ErrorReplies.Explain(refused, ProbeSteps.Write, $"use database {database}");

        var (key, value) = ($"{Prefix}{Guid.NewGuid():n}", Guid.NewGuid().ToString("n"));
        var set = await redis.Call(cancellationToken, "SET", key, value, "PX", Life).ConfigureAwait(false);
        if (set.ErrorCode is "MOVED" or "ASK")
            return Verdict.Ok("not tried: in this Redis Cluster the key belongs to another node");
        if (set.IsError)
            return ErrorReplies.Explain(set, ProbeSteps.Write, "write");
        var read = await redis.Call(cancellationToken, "GET", key).ConfigureAwait(false);
        var removed = await redis.Call(cancellationToken, "DEL", key).ConfigureAwait(false);
        if (read.IsError)
            return ErrorReplies.Explain(read, ProbeSteps.Write, "read");
        if (read.Text != value)
            return Verdict.Failed("write_not_kept", "Redis took a key, and did not have it a moment later.", "Is a proxy between, or several servers behind one name? It may also evict at once: look at maxmemory-policy in morningai redis info.");
        return removed.IsError
            ? ErrorReplies.Explain(removed, ProbeSteps.Write, "delete")
            : Verdict.Ok("a key was written, read back and removed");
    }
}
