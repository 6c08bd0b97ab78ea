using System.Globalization;
using System.Text;
using MorningAI.Diagnosis;

namespace MorningAI.Cli.Display;

/// <summary>A server's figures, one line a subject. What it does not say is left out.</summary>
internal static class ServerText
{
    private const int ShownSlow = 5;

    public static void Append(StringBuilder text, ServerFacts server, DateTimeOffset now)
    {
        Line(text, "server", server.Version is { } version ? $"version {version}" : null, server.UptimeSeconds is { } up ? $"up {OverviewText.Age(TimeSpan.FromSeconds(up))}" : null, server.RunId is { } run ? $"run id {run}" : null);
        Line(text, "memory", Memory(server.Memory), server.Memory.Policy, Of(server.Memory.Evicted, "evicted"), server.Memory.Fragmentation is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"fragmentation {ratio:0.##}") : null);
        Line(text, "keys", Number(server.Keys));
        Line(text, "clients", server.Clients.Limit is { } most ? $"{Number(server.Clients.Connected ?? 0)} of {Number(most)}" : Of(server.Clients.Connected, "connected"), Of(server.Clients.Blocked, "blocked"), Of(server.Clients.Rejected, "refused since it started"));
        Line(text, "on disk", Aof(server.Persistence), Rdb(server.Persistence, now), Of(server.Persistence.ChangesSinceSave, "changes since the last snapshot"));
        Line(text, "replication", Replication(server.Replication));
        foreach (var slow in server.SlowLog?.Take(ShownSlow) ?? [])
            Line(text, "slow", $"{LatencyText.Time(slow.Ms)}  {OverviewText.Age(now - slow.At)} ago  {slow.Command}");
    }

    private static string? Memory(MemoryFacts memory) => memory.UsedBytes is not { } used
        ? null
        : memory.LimitBytes is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"{JournalText.Size(used)} of {JournalText.Size(limit)} ({(double)used / limit:P0})")
            : $"{JournalText.Size(used)}, no limit of its own";

    private static string? Aof(PersistenceFacts facts) => facts.Aof switch
    {
        null => null,
        false => "no append-only file",
        true => $"append-only file: last write {facts.AofLastWrite ?? "not known"}, last rewrite {facts.AofLastRewrite ?? "not known"}",
    };

    private static string? Rdb(PersistenceFacts facts, DateTimeOffset now) => facts.RdbLastSave is not { } status
        ? null
        : $"{(facts.SaveSchedule is "" ? "no snapshots planned" : "snapshots")}: last {status}{(facts.RdbLastSaveAt is { } at ? $" {OverviewText.Age(now - at)} ago" : "")}";

    private static string? Replication(ReplicationFacts facts) => facts.Role switch
    {
        null => null,
        "replica" => $"a replica of {facts.Primary}, {(facts.LinkUp == true ? "connected" : "NOT connected")}{(facts.LagSeconds is { } lag ? $", last heard of it {lag} s ago" : "")}",
        _ => $"primary, {Number(facts.Replicas ?? 0)} replicas{(facts.LagSeconds is { } lag ? $", the slowest {lag} s and {JournalText.Size(facts.LagBytes ?? 0)} behind" : "")}",
    };

    private static string? Of(long? count, string what) => count is { } number ? $"{Number(number)} {what}" : null;

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string name, params string?[] parts)
    {
        if (string.Join(", ", parts.Where(p => !string.IsNullOrEmpty(p))) is { Length: > 0 } line)
            RedisText.Line(text, name, line);
    }
}
