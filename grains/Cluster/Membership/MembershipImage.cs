using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Orleans.Runtime;

namespace MorningAI.Cluster.Membership;

/// <summary>The membership table as Redis holds it: rows in the stock table's own JSON, by silo address.</summary>
/// <param name="Version">Null where the table does not exist.</param>
internal sealed record MembershipImage(int? Version, ImmutableSortedDictionary<string, string> Rows)
{
    public static readonly MembershipImage None = new(null, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <summary>Nobody has a table, or nobody is in it: a new cluster, or one whose Redis was emptied.</summary>
    public bool IsBlank => Rows.IsEmpty;

    public static SiloStatus StatusOf(string row) => (SiloStatus)(int)JsonNode.Parse(row)!["Status"]!;

    public static SiloAddress AddressOf(string row) => SiloAddress.FromParsableString((string)JsonNode.Parse(row)!["SiloAddress"]!["SiloAddress"]!);
}
