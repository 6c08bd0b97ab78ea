using System.Collections.Frozen;
using System.Text.Json;

namespace MorningAI.Handlers.BuiltIn;

/// <summary>What a payload of the <c>http</c> kind must be. Touches no network: whether the host is allowed shows at the connection.</summary>
internal static class HttpPayloadCheck
{
    private static readonly FrozenSet<string> Methods = FrozenSet.Create(StringComparer.Ordinal, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        HttpHandler.TaskIdHeader, HttpHandler.AttemptHeader, HttpHandler.TraceHeader, "tracestate",
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Trailer", "TE", "Keep-Alive", "Expect", "Proxy-Authorization", "Proxy-Connection");

    public static string? Check(HttpPayload payload)
    {
        if (!Uri.TryCreate(payload.Url, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            return "'url' must be an absolute http or https URL";
        if (url.UserInfo.Length > 0)
            return "'url' must hold no user or password; send an Authorization header";
        var method = Method(payload);
        if (!Methods.Contains(method))
            return $"'method' must be one of {string.Join(", ", Methods.Order(StringComparer.Ordinal))}, in capitals";
        if (HasBody(payload) && method is "GET" or "HEAD")
            return $"'body' cannot be sent with {method}; use POST, PUT or PATCH";
        return payload.Headers?.Select(h => CheckHeader(h.Key, h.Value)).FirstOrDefault(fault => fault is not null);
    }

    public static string Method(HttpPayload payload) => payload.Method ?? (HasBody(payload) ? "POST" : "GET");

    public static bool HasBody(HttpPayload payload) => payload.Body is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };

    private static string? CheckHeader(string name, string? value)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c)))
            return "'headers' holds a name that is no header name: use letters, digits and '-'";
        if (Reserved.Contains(name))
            return $"the header '{name}' is set by the system; leave it out of 'headers'";
        return value is null || value.Any(c => c is not ('\t' or (>= ' ' and <= '~')))
            ? $"the header '{name}' must have a text of printable ASCII characters on one line"
            : null;
    }
}
