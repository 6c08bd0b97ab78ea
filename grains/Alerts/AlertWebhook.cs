using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MorningAI.Alerts;

/// <summary>
/// Sends alerts by HTTP POST. The signature is an HMAC-SHA256 over the timestamp, a dot and the body, so that neither can be
/// changed, nor an old request used again.
/// </summary>
internal sealed partial class AlertWebhook(IOptions<AlertOptions> options, TimeProvider time, ILogger<AlertWebhook> logger) : IDisposable
{
    public const string SignatureHeader = "X-MorningAI-Signature", TimestampHeader = "X-MorningAI-Timestamp";

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ILogger<AlertWebhook> _logger = logger;
    private readonly Lazy<HttpClient> _http = new(() => new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = AnswerLimit });
    private DateTimeOffset _nextTry;
    private TimeSpan _pause = TimeSpan.Zero;

    public bool IsSet => options.Value.Webhook is not null;

    /// <returns>True where it was taken (2xx). After a failure nothing is sent for a while, twice as long each time, up to a minute.</returns>
    public async Task<bool> Send(Alert alert)
    {
        if (time.GetUtcNow() < _nextTry)
            return false;
        try
        {
            var body = Body(alert);
            var stamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Webhook) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add(TimestampHeader, stamp);
            request.Headers.Add(SignatureHeader, Sign(options.Value.WebhookSecret!, stamp, body));
            using var answer = await _http.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (!answer.IsSuccessStatusCode)
                throw new HttpRequestException($"it answered {(int)answer.StatusCode}");
            _pause = TimeSpan.Zero;
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            _pause = _pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            _nextTry = time.GetUtcNow() + _pause;
            LogNotSent(alert.Id, options.Value.Webhook!.GetLeftPart(UriPartial.Path), e.Message, _pause);
            return false;
        }
    }

    /// <returns>As the header has it.</returns>
    internal static string Sign(string secret, string timestamp, ReadOnlySpan<byte> body) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(timestamp), (byte)'.', .. body]))}";

    private static byte[] Body(Alert alert) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            alert.Id,
            Status = alert.IsOpen ? "open" : "resolved",
            Severity = alert.Severity.ToString().ToLowerInvariant(),
            alert.Text,
            alert.Since,
            alert.ResolvedAt,
        },
        TaskJson.Options);

    public void Dispose()
    {
        if (_http.IsValueCreated)
            _http.Value.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Alert} was not taken by {Webhook}: {Reason}. Next try in {Pause}")]
    private partial void LogNotSent(string alert, string webhook, string reason, TimeSpan pause);
}
