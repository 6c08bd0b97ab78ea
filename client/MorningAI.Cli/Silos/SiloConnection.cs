using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MorningAI.Cli.Display;

namespace MorningAI.Cli.Silos;

/// <summary>An answer of the silo: what this program understands of it, and all of it for <c>--json</c>.</summary>
internal sealed record Answer<T>(T Value, JsonElement Json);

/// <summary>HTTP to one silo: sends, reads, and turns every way to fail into a <see cref="CliException"/>.</summary>
internal sealed class SiloConnection : IDisposable
{
    /// <summary>Above the 20 s that a read may wait for news.</summary>
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(35);

    private readonly HttpClient _http;

    public SiloConnection(Uri url, string? apiKey)
    {
        Url = url.AbsoluteUri.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/");
        _http = new HttpClient(HandlerFor(url)) { BaseAddress = Url, Timeout = AnswerLimit };
        if (apiKey is null)
            return;
        if (!apiKey.All(c => c is > ' ' and < '\x7f'))
            throw new CliException("MORNINGAI_API_KEY holds spaces, control or non-ASCII characters: set it to the key alone.", ExitCode.BadInput);
        _http.DefaultRequestHeaders.Add("X-API-Key", apiKey);
    }

    public Uri Url { get; }

    /// <summary>A proxy is for other machines; a redirect could carry the API key to a stranger.</summary>
    public static SocketsHttpHandler HandlerFor(Uri url) => new()
    {
        UseProxy = !url.IsLoopback,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    public async Task<Answer<T>> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await Send(new HttpRequestMessage(HttpMethod.Get, path), type, cancellationToken);

    public Task<Answer<T>> Post<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendBody(HttpMethod.Post, path, body, bodyType, type, cancellationToken);

    public Task<Answer<T>> Put<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendBody(HttpMethod.Put, path, body, bodyType, type, cancellationToken);

    public async Task<Answer<T>> Delete<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await Send(new HttpRequestMessage(HttpMethod.Delete, path), type, cancellationToken);

    public async Task<Answer<T>> Post<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        await Send(new HttpRequestMessage(HttpMethod.Post, path), type, cancellationToken);

    /// <returns>Null where nothing is at the path.</returns>
    public async Task<SiloEvents?> Events(string path, string last, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (last.Length > 0)
            request.Headers.Add("Last-Event-ID", last);
        return await Guarded<SiloEvents?>(request, async () =>
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
                return new SiloEvents(response, await response.Content.ReadAsStreamAsync(cancellationToken));
            using (response)
                return response.StatusCode == HttpStatusCode.NotFound ? null : throw Refusal(response, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer<T>> SendBody<TBody, T>(HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return await Send(new HttpRequestMessage(method, path) { Content = content }, type, cancellationToken);
    }

    private async Task<Answer<T>> Send<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using (request)
        {
            return await Guarded(request, async () =>
            {
                using var response = await _http.SendAsync(request, cancellationToken);
                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                return response.IsSuccessStatusCode ? Read(body, type) : throw Refusal(response, body);
            }, cancellationToken);
        }
    }

    private async Task<T> Guarded<T>(HttpRequestMessage request, Func<Task<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(request, e.HttpRequestError, e.InnerException?.Message ?? e.Message, e);
        }
        catch (IOException e)
        {
            throw Unreachable(request, HttpRequestError.ResponseEnded, e.Message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable(request, HttpRequestError.ResponseEnded, $"no answer within {AnswerLimit.TotalSeconds:0} s", e);
        }
    }

    private Answer<T> Read<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            var json = JsonSerializer.Deserialize(body, SiloJson.Default.JsonElement);
            return new Answer<T>(json.Deserialize(type) ?? throw new JsonException("null"), json);
        }
        catch (JsonException e)
        {
            throw new CliException($"{Url} answered what this version does not understand ({Plain.Line(e.Message)}): is it a MorningAI silo of this version?", ExitCode.Failed, e);
        }
    }

    private SiloUnreachableException Unreachable(HttpRequestMessage request, HttpRequestError error, string reason, Exception inner)
    {
        var sent = error is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
        var doubt = sent && request.Method == HttpMethod.Post ? " It may have done what it was asked: look before asking again, or use --key." : "";
        return new SiloUnreachableException($"{Url} does not answer: {Plain.Line(reason).TrimEnd('.')}.{doubt}", inner);
    }

    private CliException Refusal(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        var message = $"{Explain(body) ?? response.ReasonPhrase ?? "refused"} ({status} from {Url})";
        return response.StatusCode switch
        {
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout =>
                new SiloBusyException(WithRetry(message, response.Headers.RetryAfter?.Delta), response.Headers.RetryAfter?.Delta),
            HttpStatusCode.Unauthorized => new CliException($"{message}. Set MORNINGAI_API_KEY to a valid key.", ExitCode.BadInput),
            _ when status is >= 400 and < 500 => new CliException(message, ExitCode.BadInput),
            _ when status is >= 300 and < 400 => new CliException($"{Url} points to {response.Headers.Location}: give the final address with --url.", ExitCode.BadInput),
            _ => new CliException(message, ExitCode.Failed),
        };
    }

    private static string WithRetry(string message, TimeSpan? after) =>
        after is { } delay ? $"{message}. Try again in {delay.TotalSeconds:0} s." : $"{message}. Try again.";

    private static string? Explain(byte[] body)
    {
        try
        {
            var problem = JsonSerializer.Deserialize(body, SiloJson.Default.Problem);
            var parts = new[] { problem?.Title, problem?.Detail }.Where(part => !string.IsNullOrWhiteSpace(part)).Select(part => Plain.Line(part).TrimEnd('.')).Distinct();
            return string.Join(": ", parts) is { Length: > 0 } text ? text : null;
        }
        catch (JsonException)
        {
            // Not a problem document: a proxy's page, which says nothing that the status does not.
            return null;
        }
    }
}
