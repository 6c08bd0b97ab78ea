using System.Collections.Immutable;
using System.Globalization;
using MorningAI.Storage;
using StackExchange.Redis;

namespace MorningAI.Cluster.Membership;

/// <summary>The membership table's hash in Redis, beside the stock provider that writes it row by row.</summary>
/// <param name="key">As the stock provider has it: <c>service/members/cluster</c>.</param>
internal sealed class RedisMembershipRows(StoreConnection store, string key) : IMembershipRows
{
    private const string Version = "Version";

    private static readonly string Script = EmbeddedScript.Read("MorningAI.Cluster.Membership.HealMembership.lua");

    public static string KeyOf(string serviceId, string clusterId) => $"{serviceId}/members/{clusterId}";

    public async Task<MembershipImage> Read()
    {
        var fields = await store.Database.HashGetAllAsync(key).ConfigureAwait(false);
        int? version = null;
        var rows = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            if (field.Name == Version)
                version = int.Parse((string)field.Value!, NumberStyles.None, CultureInfo.InvariantCulture);
            else
                rows.Add((string)field.Name!, (string)field.Value!);
        }

        return new MembershipImage(version, rows.ToImmutable());
    }

    public async Task<bool> TryReplace(MembershipImage there, MembershipImage healed)
    {
        List<RedisValue> values = [there.Version?.ToString(CultureInfo.InvariantCulture) ?? "", healed.Version];
        foreach (var (silo, row) in healed.Rows)
        {
            if (!there.Rows.TryGetValue(silo, out var same) || same != row)
                values.AddRange([silo, row]);
        }

        return (bool)await store.Database.ScriptEvaluateAsync(Script, [key], [.. values]).ConfigureAwait(false);
    }
}
