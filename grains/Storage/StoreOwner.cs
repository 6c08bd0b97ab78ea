using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace MorningAI.Storage;

/// <summary>
/// Whose store this is. A mark in its database names the one cluster of one service that may write there, so that two
/// systems, or a silo with a wrong setting, do not write into each other's records.
/// </summary>
public static partial class StoreOwner
{
    /// <summary>The same for all services: it is what tells them apart.</summary>
    public const string Key = "morningai.owner";

    /// <summary>Looking through 20,000 keys takes some 20 ms; where ours are among more strangers than that, the mark is there.</summary>
    private const int Pages = 20, PageSize = 1000;

    /// <summary>Marks the store as this cluster's, unless it is another's.</summary>
    /// <returns>Why it must not be written to, and what to do; null where it is ours.</returns>
    public static async Task<string?> Claim(IDatabase database, string serviceId, string clusterId)
    {
        var mine = $"{serviceId}/{clusterId}";
        var owner = (string?)await database.StringGetAsync(Key).ConfigureAwait(false);
        if (owner is null)
        {
            if (await FindForeign(database, serviceId).ConfigureAwait(false) is { } foreign)
                return $"It holds '{foreign}' and other keys under '{serviceId}:' that are not of this system. Use another database or service id (MORNINGAI_SERVICE_ID), or remove them.";
            await database.StringSetAsync(Key, mine, when: When.NotExists).ConfigureAwait(false);
            owner = await database.StringGetAsync(Key).ConfigureAwait(false);
        }

        if (owner == mine)
            return null;
        var end = owner!.LastIndexOf('/');
        var (service, cluster) = end < 0 ? (owner, "") : (owner[..end], owner[(end + 1)..]);
        return service != serviceId
            ? $"It belongs to the service '{service}', and this silo is of '{serviceId}'. Use another database (redis://host:port/1), another Redis, or the same MORNINGAI_SERVICE_ID."
            : $"It belongs to the cluster '{cluster}', and this silo is of '{clusterId}': both would run the same tasks. Use another database (redis://host:port/1), another Redis, or the same MORNINGAI_CLUSTER_ID. " +
              $"Where '{cluster}' is gone for good, hand it over: 'redis-cli set {Key} {mine}'.";
    }

    private static async Task<string?> FindForeign(IDatabase database, string serviceId)
    {
        var ours = new Regex($"^{Regex.Escape(serviceId)}:\\{{[^}}]+\\}}:[a-z-]+(:.*)?$", RegexOptions.CultureInvariant);
        RedisValue cursor = 0;
        for (var page = 0; page < Pages; page++)
        {
            var reply = (RedisResult[])(await database.ExecuteAsync("SCAN", cursor, "MATCH", $"{Glob(serviceId)}:*", "COUNT", PageSize).ConfigureAwait(false))!;
            foreach (var key in (string[])reply[1]!)
            {
                if (!ours.IsMatch(key))
                    return key;
            }

            cursor = (RedisValue)reply[0];
            if (cursor == 0)
                break;
        }

        return null;
    }

    private static string Glob(string text) => Special().Replace(text, @"\$0");

    [GeneratedRegex(@"[*?\[\]\\^]")]
    private static partial Regex Special();
}
