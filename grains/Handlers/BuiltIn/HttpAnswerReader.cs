using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace MorningAI.Handlers.BuiltIn;

/// <summary>Reads an answer into what is stored of it, up to the limit.</summary>
public sealed class HttpAnswerReader(IOptions<HttpHandlerOptions> options)
{
    private const int ExcerptLength = 200;

    public async Task<HttpResult> Read(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (bytes, truncated) = await ReadBody(response.Content, cancellationToken).ConfigureAwait(false);
        var body = ParseBody(bytes, response.Content, truncated);
        var headers = response.Headers.Concat(response.Content.Headers)
            // Not for keeping: a session that the answer opened.
            .Where(h => !h.Key.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
            .ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(", ", h.Value), StringComparer.Ordinal);
        return new HttpResult((int)response.StatusCode, body, headers, truncated ? true : null);
    }

    /// <summary>The beginning of a body in one line, for a message.</summary>
    public static string Excerpt(JsonElement body)
    {
        var text = body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText();
        var line = new string([.. text.Take(ExcerptLength).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return text.Length > ExcerptLength ? line + "…" : line;
    }

    private async Task<(byte[] Bytes, bool Truncated)> ReadBody(HttpContent content, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxResponseBytes;
        await using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            var room = limit - (int)kept.Length;
            kept.Write(buffer, 0, Math.Min(read, room));
            if (read > room)
                return (kept.ToArray(), true);
        }

        return (kept.ToArray(), false);
    }

    private static JsonElement ParseBody(byte[] bytes, HttpContent content, bool truncated)
    {
        var type = content.Headers.ContentType;
        var saysJson = type?.MediaType is { } media && (media.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
        if (saysJson && !truncated)
        {
            try
            {
                return JsonSerializer.Deserialize<JsonElement>(bytes, TaskJson.Options);
            }
            catch (JsonException)
            {
                // It said JSON and is not: the text shows what it is.
            }
        }

        return JsonSerializer.SerializeToElement(Charset(type?.CharSet).GetString(bytes), TaskJson.Options);
    }

    private static Encoding Charset(string? name)
    {
        try
        {
            return name is null ? Encoding.UTF8 : Encoding.GetEncoding(name.Trim('"'));
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }
}
