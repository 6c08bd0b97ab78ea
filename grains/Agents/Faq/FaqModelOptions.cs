namespace MorningAI.Agents.Faq;

/// <summary>
/// What writes FAQ documents. Section <c>MorningAI:Model</c>; the variables <c>MORNINGAI_MODEL_ENDPOINT</c>,
/// <c>MORNINGAI_MODEL_API_KEY</c>, <c>MORNINGAI_MODEL_API_KEY_FILE</c> and <c>MORNINGAI_MODEL</c> fill what it leaves open.
/// </summary>
public sealed class FaqModelOptions
{
    public const string Section = "MorningAI:Model";

    /// <summary>Default: openai where an endpoint or a key is set, else embedded.</summary>
    public FaqModelProvider? Provider { get; set; }

    /// <summary>The base of an OpenAI-compatible API, with its version: <c>http://localhost:11434/v1</c>. Default: OpenAI's own.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Never logged. May be absent where <see cref="Endpoint"/> asks for none.</summary>
    public string? ApiKey { get; set; }

    /// <summary>A file that holds the key, read once at start.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>Default: <c>gpt-4-turbo-preview</c>, as the original's.</summary>
    public string Model { get; set; } = DefaultModel;

    /// <summary>0 to 2. Default: 0.7.</summary>
    public double Temperature { get; set; } = 0.7;

    /// <summary>The longest answer. Default: 2000.</summary>
    public int MaxTokens { get; set; } = 2000;

    /// <summary>0 to 1. Default: 0.9.</summary>
    public double TopP { get; set; } = 0.9;

    /// <summary>-2 to 2. Default: 0.3.</summary>
    public double FrequencyPenalty { get; set; } = 0.3;

    /// <summary>-2 to 2. Default: 0.3.</summary>
    public double PresencePenalty { get; set; } = 0.3;

    /// <summary>The model's time for one document, from the first request to the last word, waits and repeats included. Default: 60 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often it is asked for one document before the fallback writes it. Default: 3.</summary>
    public int MaxRequests { get; set; } = 3;

    /// <summary>The wait before the second request; doubled before each further one. A Retry-After header overrides it. Default: 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    public const string DefaultModel = "gpt-4-turbo-preview";
}

public enum FaqModelProvider
{
    /// <summary>The built-in writer: no key, no network, no language model.</summary>
    Embedded = 0,

    /// <summary>Any OpenAI-compatible endpoint.</summary>
    OpenAI = 1,
}
