using Microsoft.Extensions.Options;

namespace MorningAI.Agents.Faq;

/// <summary>Checks the model's settings at start. No message repeats a key.</summary>
internal sealed class FaqModelOptionsValidator : IValidateOptions<FaqModelOptions>
{
    public ValidateOptionsResult Validate(string? name, FaqModelOptions options)
    {
        var faults = Faults(options).Select(f => $"{FaqModelOptions.Section}:{f}").ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(FaqModelOptions o)
    {
        if (o.Provider is { } provider && !Enum.IsDefined(provider))
            yield return $"Provider is {provider}; set it to embedded or openai.";
        if (o.Endpoint is { } endpoint)
        {
            if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps))
                yield return "Endpoint must be an http or https URL, the API's base with its version, as in http://localhost:11434/v1.";
            else if (endpoint.UserInfo.Length > 0)
                yield return "Endpoint must hold no user or password; put the key into ApiKeyFile or MORNINGAI_MODEL_API_KEY.";
        }

        if (o is { Provider: FaqModelProvider.OpenAI, Endpoint: null, ApiKey: null })
            yield return "Provider is openai, but there is neither a key nor an endpoint. Set MORNINGAI_MODEL_API_KEY (or OPENAI_API_KEY), or MORNINGAI_MODEL_ENDPOINT for a server that needs no key.";
        if (o.ApiKey is { } key && key.Any(c => c is <= ' ' or > '~'))
            yield return "ApiKey holds a space, a line break or a character outside ASCII. Copy the key again.";
        if (string.IsNullOrWhiteSpace(o.Model) || o.Model.Any(char.IsControl))
            yield return "Model must be the name of a model, on one line.";
        if (o.MaxTokens < 1)
            yield return $"MaxTokens is {o.MaxTokens}; set it to 1 or more.";
        if (o.MaxRequests < 1)
            yield return $"MaxRequests is {o.MaxRequests}; set it to 1 or more.";
        if (o.Timeout <= TimeSpan.Zero || o.Timeout > TimeSpan.FromHours(1))
            yield return $"Timeout is {o.Timeout}; set it above zero and to at most one hour.";
        if (o.RetryDelay < TimeSpan.Zero || o.RetryDelay > TimeSpan.FromMinutes(10))
            yield return $"RetryDelay is {o.RetryDelay}; set it from zero to ten minutes.";
        if (OutOfRange(nameof(o.Temperature), o.Temperature, 0, 2) is { } temperature)
            yield return temperature;
        if (OutOfRange(nameof(o.TopP), o.TopP, 0, 1) is { } topP)
            yield return topP;
        if (OutOfRange(nameof(o.FrequencyPenalty), o.FrequencyPenalty, -2, 2) is { } frequency)
            yield return frequency;
        if (OutOfRange(nameof(o.PresencePenalty), o.PresencePenalty, -2, 2) is { } presence)
            yield return presence;
    }

    // Written so that NaN is out of range too.
    private static string? OutOfRange(string setting, double value, double from, double to) =>
        value >= from && value <= to ? null : FormattableString.Invariant($"{setting} is {value}; set it from {from} to {to}.");
}
