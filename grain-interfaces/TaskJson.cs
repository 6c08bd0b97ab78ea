using System.Text.Json;
using System.Text.Json.Serialization;

namespace MorningAI;

/// <summary>How payloads and results are read and written, by silos and clients alike: snake_case, strict about types, no type names.</summary>
public static class TaskJson
{
    /// <summary>Shared: frozen with its first use.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        NumberHandling = JsonNumberHandling.Strict,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 64,
    };
}
