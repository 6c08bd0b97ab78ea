using System.Security.Cryptography;
using System.Text;

namespace MorningAI.Silo.Api;

/// <summary>
/// Asks for the API key, where one is set: in <c>X-API-Key</c>, or as the password of HTTP Basic, which browsers can send
/// to the dashboard. Liveness and readiness are open: they say nothing, and their callers have no secrets.
/// </summary>
internal sealed class ApiKeyGate(RequestDelegate next, SiloPlan plan)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers["X-MorningAI-Silo"] = plan.Name.Value;
        if (plan.ApiKeyHash is null || IsOpen(context.Request.Path) || IsRight(Presented(context.Request), plan.ApiKeyHash))
        {
            await next(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Basic realm=\"MorningAI\", charset=\"UTF-8\"";
        await TypedResults.Problem("Send the API key in the header X-API-Key.", title: "Unauthorized", statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
    }

    private static bool IsOpen(PathString path) => path == "/health/live" || path == "/health/ready";

    private static string? Presented(HttpRequest request)
    {
        if (request.Headers["X-API-Key"] is [{ Length: > 0 } key])
            return key;
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
            return null;
        var buffer = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), buffer, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(buffer, 0, length);
        return pair[(pair.IndexOf(':') + 1)..];
    }

    /// <summary>Hashes are compared, so neither time nor length tells anything of the key.</summary>
    private static bool IsRight(string? presented, byte[] expected) =>
        presented is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented)), expected);
}
