using System.Globalization;

namespace MorningAI.Cluster.Reminders;

/// <summary>
/// Etags that say which of two is the later: version 7 GUIDs, which begin with the millisecond. The stock table's are
/// random (version 4), and count as older than all of these.
/// </summary>
internal static class ReminderEtag
{
    private const int VersionDigit = 14;

    /// <param name="stamp">Unix time in milliseconds.</param>
    public static string Of(long stamp) => Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(stamp)).ToString();

    /// <returns>The millisecond that it was made for; 0 where it is the stock table's.</returns>
    public static long StampOf(string etag) =>
        Guid.TryParseExact(etag, "D", out _) && etag[VersionDigit] == '7'
            ? (long.Parse(etag.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) << 16) | long.Parse(etag.AsSpan(9, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : 0;
}
