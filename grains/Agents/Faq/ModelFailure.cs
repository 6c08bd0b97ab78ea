using System.ClientModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.SemanticKernel;

namespace MorningAI.Agents.Faq;

/// <summary>The model gave no document. The message is fit for the document's footer: plain words of our own, never the endpoint's.</summary>
internal sealed class ModelFailure(string reason, Exception? inner = null) : Exception(reason, inner)
{
    /// <summary>Whether asking again may help.</summary>
    public bool IsPassing { get; private init; }

    /// <summary>How long the endpoint asked us to wait; null where it did not.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Anything that a foreign answer made the client throw is the model's failure; cancellation is the caller's to tell apart.</summary>
    public static ModelFailure Of(Exception e, DateTimeOffset now) => e switch
    {
        ModelFailure failure => failure,
        HttpOperationException { StatusCode: { } status and not 0 } => OfStatus((int)status, e, now),
        ClientResultException { Status: not 0 } answered => OfStatus(answered.Status, e, now),
        _ when Find<SocketException>(e) is { SocketErrorCode: SocketError.ConnectionRefused } => new("the endpoint refused the connection", e),
        _ when Find<HttpIOException>(e) is not null || Find<SocketException>(e) is { SocketErrorCode: SocketError.ConnectionReset } => new("the connection broke off", e),
        _ when Find<HttpRequestException>(e) is not null || Find<SocketException>(e) is not null => new("the endpoint could not be reached", e),
        _ when Find<IOException>(e) is not null => new("the connection broke off", e),
        _ => new("its answer could not be read", e),
    };

    private static ModelFailure OfStatus(int status, Exception e, DateTimeOffset now) => new(Describe(status), e)
    {
        IsPassing = status is (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests or >= 500,
        RetryAfter = ReadRetryAfter(e, now),
    };

    private static string Describe(int status) => status switch
    {
        401 or 403 => $"the endpoint refused the key (HTTP {status})",
        404 => "the endpoint knows no such model or path (HTTP 404)",
        429 => "the endpoint's rate limit was reached (HTTP 429)",
        >= 500 => $"the endpoint failed (HTTP {status})",
        >= 400 => $"the endpoint refused the request (HTTP {status})",
        _ => $"the endpoint answered with HTTP {status}",
    };

    private static TimeSpan? ReadRetryAfter(Exception e, DateTimeOffset now)
    {
        if (Find<ClientResultException>(e)?.GetRawResponse() is not { } response || !response.Headers.TryGetValue("Retry-After", out var value))
            return null;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return null;
        return at > now ? at - now : TimeSpan.Zero;
    }

    private static T? Find<T>(Exception? e)
        where T : Exception
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is T found)
                return found;
        }

        return null;
    }
}
