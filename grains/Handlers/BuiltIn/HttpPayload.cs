using System.Text.Json;

namespace MorningAI.Handlers.BuiltIn;

/// <summary>A request to make.</summary>
/// <param name="Url">http or https. The host must be allowed; see <see cref="HttpHandlerOptions.AllowedHosts"/>.</param>
/// <param name="Method">Null for POST where there is a body, else GET.</param>
/// <param name="Body">A string is sent as it is, anything else as JSON.</param>
public sealed record HttpPayload(string Url, string? Method = null, JsonElement? Body = null, IReadOnlyDictionary<string, string>? Headers = null);

/// <summary>What came back, with a status of 200 to 299.</summary>
/// <param name="Body">JSON where the answer said that it is and was; otherwise its text.</param>
/// <param name="Truncated">True where the body was longer than the limit; null otherwise.</param>
public sealed record HttpResult(int Status, JsonElement Body, IReadOnlyDictionary<string, string>? Headers, bool? Truncated);
