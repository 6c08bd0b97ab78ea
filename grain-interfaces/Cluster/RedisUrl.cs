using System.Globalization;
using System.Text;

namespace MorningAI.Cluster;

/// <summary>
/// Lets operators name their Redis as they know it: a <c>redis://</c> or <c>rediss://</c> URL, or a string of
/// StackExchange.Redis' own. Silo and client read it here, so both accept the same. No message ever shows a password.
/// </summary>
public static class RedisUrl
{
    /// <summary>Redis' registered port, for URLs that name none.</summary>
    public const int DefaultPort = 6379;

    /// <summary>The same address as a StackExchange.Redis configuration string, with <c>abortConnect=false</c> unless it decides that itself.</summary>
    /// <param name="urlOrConfiguration">
    /// <c>redis[s]://[[user]:password@]host[:port][/database]</c>, user and password percent-encoded; or a StackExchange.Redis
    /// string, which is passed through (<c>serviceName=</c> for Sentinel included).
    /// </param>
    /// <exception cref="FormatException">It is neither; the message names the fault and how to mend it, and holds no part of the password.</exception>
    public static string ToConfiguration(string urlOrConfiguration)
    {
        var text = urlOrConfiguration?.Trim();
        if (string.IsNullOrEmpty(text))
            throw new FormatException("The Redis address is empty: write redis://host:6379, or leave the setting out.");
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        // A password in a plain string may hold "://" too; a scheme is letters only, right at the start.
        return scheme > 0 && text.AsSpan(0, scheme).IndexOfAnyExcept(SchemeCharacters) < 0
            ? FromUrl(text[..scheme], text[(scheme + 3)..])
            : PassThrough(text);
    }

    private static readonly System.Buffers.SearchValues<char> SchemeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static string FromUrl(string scheme, string rest)
    {
        var tls = scheme.ToLowerInvariant() switch
        {
            "redis" => false,
            "rediss" => true,
            _ => throw new FormatException($"The Redis URL's scheme is '{Shown.Short(scheme)}': use redis://, or rediss:// for TLS."),
        };
        // The last '@' ends the credentials: '@' in a password is then forgiven; '/', '?' and '#' there are not.
        var end = rest.AsSpan().IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest : rest[..end];
        var tail = end < 0 ? "" : rest[end..];
        if (authority.Length < rest.Length && tail.Contains('@'))
            throw new FormatException("The Redis URL has an '@' after its host: write '/' in a password as %2F, '?' as %3F and '#' as %23.");
        var at = authority.LastIndexOf('@');
        var result = new StringBuilder(HostAndPort(authority[(at + 1)..]));
        if (at >= 0)
            AppendCredentials(result, authority[..at]);
        if (tls)
            result.Append(",ssl=true");
        AppendDatabase(result, tail);
        return result.Append(",abortConnect=false").ToString();
    }

    private static string HostAndPort(string text)
    {
        string host, port;
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']');
            if (close < 0)
                throw new FormatException("The Redis URL's IPv6 address is not closed: write redis://[::1]:6379.");
            (host, port) = (text[..(close + 1)], text[(close + 1)..]);
            if (!System.Net.IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out var ip) || ip.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
                throw new FormatException("The Redis URL's host stands in brackets but is no IPv6 address: write redis://[::1]:6379.");
        }
        else
        {
            var colon = text.IndexOf(':');
            (host, port) = colon < 0 ? (text, "") : (text[..colon], text[colon..]);
            if (host.Length == 0)
                throw new FormatException("The Redis URL names no host: write redis://host:6379.");
            if (!host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
                throw new FormatException("The Redis URL's host has a character that no host name has. If it belongs to the password, percent-encode it (a comma list of servers needs a StackExchange.Redis string).");
        }

        if (port.Length == 0)
            return $"{host}:{DefaultPort}";
        if (port[0] != ':' || !int.TryParse(port.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
            throw new FormatException("The Redis URL's port is not a number from 1 to 65535.");
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{number}");
    }

    private static void AppendCredentials(StringBuilder result, string text)
    {
        var colon = text.IndexOf(':');
        if (colon < 0)
            throw new FormatException("The Redis URL has one word before '@': write redis://:password@host, or redis://user:password@host.");
        var user = Decode(text[..colon], "user");
        var password = Decode(text[(colon + 1)..], "password");
        if (user.Length > 0)
            result.Append(",user=").Append(user);
        if (password.Length > 0)
            result.Append(",password=").Append(password);
        else if (user.Length > 0)
            throw new FormatException("The Redis URL has a user but no password: write redis://user:password@host.");
    }

    private static string Decode(string text, string what)
    {
        for (var i = text.IndexOf('%'); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                throw new FormatException($"The Redis URL's {what} has a '%' without two hex digits after it: write '%' itself as %25.");
        }

        var decoded = Uri.UnescapeDataString(text);
        // StackExchange.Redis' format has no escape: it splits at commas and trims.
        if (decoded.Contains(',') || decoded.Any(char.IsControl) || decoded.Trim().Length != decoded.Length)
            throw new FormatException($"The Redis URL's {what} has a comma, a control character, or a space at its end, which the Redis library's settings cannot carry: choose another {what}.");
        return decoded;
    }

    private static void AppendDatabase(StringBuilder result, string tail)
    {
        if (tail is "" or "/")
            return;
        if (tail[0] != '/' || tail.AsSpan().IndexOfAny('?', '#') >= 0)
            throw new FormatException("The Redis URL has something after '?' or '#': for further options use a StackExchange.Redis string, as in host:6379,ssl=true.");
        if (!int.TryParse(tail.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var database))
            throw new FormatException("The Redis URL's path is not a database number: write redis://host:6379/0.");
        if (database > 0)
            result.Append(CultureInfo.InvariantCulture, $",defaultDatabase={database}");
    }

    private static string PassThrough(string text)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (!parts.Any(part => !part.Contains('=')))
            throw new FormatException("The Redis address names no server: begin it with host:6379, or write redis://host:6379.");
        return parts.Any(part => part.StartsWith("abortConnect=", StringComparison.OrdinalIgnoreCase))
            ? text
            : text.TrimEnd(',') + ",abortConnect=false";
    }
}
