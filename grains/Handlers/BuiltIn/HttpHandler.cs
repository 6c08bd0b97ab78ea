using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using MorningAI.Tasks;

namespace MorningAI.Handlers.BuiltIn;

/// <summary>
/// Kind <c>http</c>: makes one request and keeps the answer. The receiver can tell repeats by <c>X-Task-Id</c> and
/// <c>X-Attempt</c>, and finds its own spans under the task's trace. Redirects are not
/// followed. A status that may pass is retried, not before its <c>Retry-After</c>.
/// </summary>
public sealed class HttpHandler(IHttpClientFactory clients, HttpAnswerReader reader, TimeProvider time) : ITaskHandler<HttpPayload, HttpResult>, IPayloadCheck<HttpPayload>
{
    public const string TaskIdHeader = "X-Task-Id";
    public const string AttemptHeader = "X-Attempt";
    public const string TraceHeader = "traceparent";

    /// <summary>The answer's status was not 200 to 299.</summary>
    public const string BadStatus = "http_status";

    /// <summary>There was no answer.</summary>
    public const string NoAnswer = "http_no_answer";

    /// <summary>The host is not among the allowed ones.</summary>
    public const string HostForbidden = "http_host_forbidden";

    internal const string ClientName = "MorningAI.Http";

    public static string? Check(HttpPayload payload) => HttpPayloadCheck.Check(payload);

    public async Task<HttpResult> Handle(HttpPayload payload, ITaskContext context)
    {
        using var request = Build(payload, context);
        // For messages: a query may hold secrets.
        var shown = $"{request.Method} {request.RequestUri!.GetLeftPart(UriPartial.Path)}";
        try
        {
            using var response = await clients.CreateClient(ClientName)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.CancellationToken).ConfigureAwait(false);
            var result = await reader.Read(response, context.CancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? result : throw Refused(shown, response, result);
        }
        catch (HttpRequestException e) when (e.InnerException is HostForbiddenException forbidden)
        {
            throw new TaskFailedException(HostForbidden, forbidden.Message, e) { IsFinal = true };
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !context.CancellationToken.IsCancellationRequested)
        {
            throw new TaskFailedException(NoAnswer, $"{shown} got no answer: {(e.InnerException ?? e).Message}", e);
        }
    }

    private static HttpRequestMessage Build(HttpPayload payload, ITaskContext context)
    {
        var request = new HttpRequestMessage(new HttpMethod(HttpPayloadCheck.Method(payload)), payload.Url);
        if (HttpPayloadCheck.HasBody(payload))
        {
            request.Content = payload.Body!.Value is { ValueKind: JsonValueKind.String } text
                ? new StringContent(text.GetString()!, Encoding.UTF8, MediaTypeNames.Text.Plain)
                : new StringContent(payload.Body.Value.GetRawText(), Encoding.UTF8, MediaTypeNames.Application.Json);
        }

        foreach (var (name, value) in payload.Headers ?? new Dictionary<string, string>())
        {
            if (request.Headers.TryAddWithoutValidation(name, value) || request.Content is not { } content)
                continue;
            content.Headers.Remove(name);
            content.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation(TaskIdHeader, context.TaskId.ToString());
        request.Headers.TryAddWithoutValidation(AttemptHeader, context.Attempt.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(TraceHeader, TraceParent(context.TraceId));
        return request;
    }

    /// <summary>The span that is current, where it belongs to the task's trace.</summary>
    private static string TraceParent(TraceId trace)
    {
        var id = trace.ToActivityTraceId();
        var span = Activity.Current is { } current && current.TraceId == id ? current.SpanId : ActivitySpanId.CreateRandom();
        return $"00-{id}-{span}-01";
    }

    private TaskFailedException Refused(string shown, HttpResponseMessage response, HttpResult result)
    {
        var redirect = (int)response.StatusCode is >= 300 and < 400 ? " Redirects are not followed." : "";
        var excerpt = HttpAnswerReader.Excerpt(result.Body);
        return new TaskFailedException(
            BadStatus,
            $"{shown} answered {(int)response.StatusCode} {response.ReasonPhrase}.{redirect}{(excerpt.Length == 0 ? "" : $" It said: {excerpt}")}")
        {
            IsFinal = !MayPass(response.StatusCode),
            RetryAfter = response.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - time.GetUtcNow(),
        };
    }

    /// <summary>The server's own trouble, and what it says of too much or too early; the same request is not better understood a second time.</summary>
    private static bool MayPass(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (HttpStatusCode)425;
}
