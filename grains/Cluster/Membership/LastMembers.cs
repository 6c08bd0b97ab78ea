using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Orleans.Runtime;

namespace MorningAI.Cluster.Membership;

/// <summary>
/// Who was in the cluster when this silo last looked, in a file beside the journal. After a restart it tells a Redis that
/// was emptied from one that never had a table.
/// </summary>
internal sealed class LastMembers(string path, string clusterId)
{
    /// <returns>The silo endpoints of the last life's living members; empty where nothing is known.</returns>
    public IReadOnlyList<IPEndPoint> Read()
    {
        try
        {
            var saved = JsonSerializer.Deserialize<Saved>(File.ReadAllText(path));
            return saved?.Cluster == clusterId ? [.. saved.Silos.Select(IPEndPoint.Parse)] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return []; // it only makes a start more careful
        }
    }

    public void Write(MembershipImage table)
    {
        var silos = table.Rows
            .Where(r => MembershipImage.StatusOf(r.Value) is SiloStatus.Joining or SiloStatus.Active)
            .Select(r => MembershipImage.AddressOf(r.Value).Endpoint.ToString());
        try
        {
            var draft = path + ".new";
            File.WriteAllText(draft, JsonSerializer.Serialize(new Saved(clusterId, [.. silos])));
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk refuses. The journal says so, loudly enough.
        }
    }

    private sealed record Saved(string Cluster, ImmutableArray<string> Silos);
}
