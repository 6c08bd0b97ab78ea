using System.Globalization;

namespace MorningAI.Diagnosis;

/// <param name="Role"><c>primary</c> or <c>replica</c>; null where it is not said.</param>
/// <param name="Primary">Of a replica: whom it follows.</param>
/// <param name="LinkUp">Of a replica: whether it is connected to its primary.</param>
/// <param name="Replicas">Of a primary: how many follow it.</param>
/// <param name="LagSeconds">Of a primary: since the slowest replica last confirmed. Of a replica: since it last heard of its primary.</param>
/// <param name="LagBytes">Of a primary: what the slowest replica lacks.</param>
public sealed record ReplicationFacts(string? Role, string? Primary, bool? LinkUp, long? Replicas, long? LagSeconds, long? LagBytes)
{
    internal static ReplicationFacts Of(IReadOnlyDictionary<string, string> info)
    {
        if (info.GetValueOrDefault("role") == "slave")
        {
            return new ReplicationFacts(
                "replica",
                OneLine.Of($"{info.GetValueOrDefault("master_host")}:{info.GetValueOrDefault("master_port")}"),
                info.GetValueOrDefault("master_link_status") == "up",
                null,
                Number(info.GetValueOrDefault("master_last_io_seconds_ago")) is >= 0 and var ago ? ago : null,
                null);
        }

        var offset = Number(info.GetValueOrDefault("master_repl_offset"));
        var followers = info.Where(f => f.Key.StartsWith("slave", StringComparison.Ordinal) && f.Value.Contains("offset=", StringComparison.Ordinal)).Select(f => f.Value).ToArray();
        return new ReplicationFacts(
            info.ContainsKey("role") ? "primary" : null,
            null,
            null,
            Number(info.GetValueOrDefault("connected_slaves")),
            followers.Max(f => Field(f, "lag")),
            followers.Max(f => offset - Field(f, "offset")) is { } behind ? Math.Max(0, behind) : null);
    }

    /// <summary>One number of a line such as <c>ip=10.0.0.1,port=6379,state=online,offset=12,lag=0</c>.</summary>
    internal static long? Field(string line, string name) =>
        line.Split(',').Select(f => f.Split('=')).FirstOrDefault(f => f is [var key, _] && key == name) is [_, var value] ? Number(value) : null;

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
