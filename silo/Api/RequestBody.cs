using System.Text.Json;
using System.Text.Unicode;
using MorningAI.Handlers;

namespace MorningAI.Silo.Api;

/// <summary>Reads a JSON body strictly: its type, its size, its encoding and its fields, each with an error of its own.</summary>
internal static class RequestBody
{
    /// <summary>A field that is not known is a mistake that nobody else would notice.</summary>
    private static readonly JsonSerializerOptions Strict = new(TaskJson.Options)
    {
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
    };

    /// <exception cref="BadRequestException">It cannot be read.</exception>
    public static async Task<T> Read<T>(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
            throw new BadRequestException(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", "Send the body as application/json.");
        try
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            var text = body.GetBuffer().AsSpan(0, (int)body.Length);
            // The reader does not look into strings that are passed on unread, as a payload is.
            if (!Utf8.IsValid(text))
                throw new BadRequestException(StatusCodes.Status400BadRequest, "Bad request", "The body cannot be read: it is not valid UTF-8.");
            return JsonSerializer.Deserialize<T>(text, Strict)
                ?? throw new BadRequestException(StatusCodes.Status400BadRequest, "Bad request", "The body is null; an object is expected.");
        }
        catch (JsonException e)
        {
            throw new BadRequestException(StatusCodes.Status400BadRequest, "Bad request", $"The body cannot be read: {JsonFault.Describe(e)}.");
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new BadRequestException(StatusCodes.Status413PayloadTooLarge, "Too large", $"The body is too large: at most {BodyLimit.Bytes} bytes are read. Put what is large elsewhere and send where it is.");
        }
    }
}

internal static class BodyLimit
{
    /// <summary>Room for a payload of the largest default size (1 MiB), written with JSON escapes, and its envelope.</summary>
    public const long Bytes = 8 * 1024 * 1024;
}
