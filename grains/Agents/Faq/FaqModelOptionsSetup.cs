using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace MorningAI.Agents.Faq;

/// <summary>Fills the options from the plain variables where the section leaves them open, reads the key's file, and picks the provider.</summary>
internal sealed class FaqModelOptionsSetup(IConfiguration configuration) : IPostConfigureOptions<FaqModelOptions>
{
    public void PostConfigure(string? name, FaqModelOptions options)
    {
        options.Endpoint ??= ReadEndpoint();
        options.ApiKeyFile = Text(options.ApiKeyFile) ?? Text(configuration["MORNINGAI_MODEL_API_KEY_FILE"]);
        options.ApiKey = Text(options.ApiKey) ?? Text(configuration["MORNINGAI_MODEL_API_KEY"]);
        if (options.ApiKeyFile is { } file && options.ApiKey is null)
            options.ApiKey = ReadKey(file);
        // The plain variable is meant for OpenAI: it is not sent to an endpoint that somebody else may run.
        if (options.Endpoint is null)
            options.ApiKey ??= Text(configuration["OPENAI_API_KEY"]);
        if (configuration[$"{FaqModelOptions.Section}:Model"] is null)
            options.Model = Text(configuration["MORNINGAI_MODEL"]) ?? options.Model;
        options.Provider ??= options.Endpoint is null && options.ApiKey is null ? FaqModelProvider.Embedded : FaqModelProvider.OpenAI;
    }

    private Uri? ReadEndpoint()
    {
        if (Text(configuration["MORNINGAI_MODEL_ENDPOINT"]) is not { } text)
            return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri)
            ? uri
            : throw Invalid($"MORNINGAI_MODEL_ENDPOINT is '{text}', which is not a URL. Set it to the API's base, as in http://localhost:11434/v1.");
    }

    private static string ReadKey(string file)
    {
        try
        {
            return Text(File.ReadAllText(file)) ?? throw Invalid($"The model's key file '{file}' is empty. Write the key into it, or unset MORNINGAI_MODEL_API_KEY_FILE.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"The model's key file '{file}' cannot be read: {e.Message} Mend the path or its rights, or unset MORNINGAI_MODEL_API_KEY_FILE.");
        }
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static OptionsValidationException Invalid(string message) => new(nameof(FaqModelOptions), typeof(FaqModelOptions), [message]);
}
