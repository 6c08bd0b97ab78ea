using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace MorningAI.Storage;

/// <summary>
/// Whose store this is. A mark in its database names the one service that may write there, so that two systems, or a
/// silo with a wrong setting, do not write into each other's records.
/// </summary>
public static partial class StoreOwner
{
    /// <summary>The same for all services: it is what tells them apart.</summary>
    public const string Key = "morningai.owner";

    /// <summary>Looking through 20,000 keys takes some 20 ms; where ours are among more strangers than that, the mark is there.</summary>
    private const int Pages = 20, PageSize = 1000;

    /// <summary>Marks the store as this service's, unless it is another's.</summary>
    /// <returns>Why it must not be written to, and what to do; null where it is ours.</returns>
    public static async Task<string?> Claim(IDatabase database, string serviceId)
    {
        var owner = (string?)await database.StringGetAsync(Key).ConfigureAwait(false);
        if (owner is null)
        {
            if (await FindForeign(database, serviceId).ConfigureAwait(false) is { } foreign)
                return $"It holds '{foreign}' and other keys under '{serviceId}:' that are not of this system. Use another database or service id (MORNINGAI_SERVICE_ID), or remove them.";
            await database.StringSetAsync(Key, serviceId, when: When.NotExists).ConfigureAwait(false);
            owner = await database.StringGetAsync(Key).ConfigureAwait(false);
        }

        return owner == serviceId
            ? null
            : $"It belongs to the service '{owner}', and this silo is of '{serviceId}'. Use another database (redis://host:port/1), another Redis, or the same MORNINGAI_SERVICE_ID.";
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
