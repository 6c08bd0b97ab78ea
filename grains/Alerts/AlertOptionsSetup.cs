using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace MorningAI.Alerts;

/// <summary>Fills the webhook's secret from its variable or file, and checks all.</summary>
internal sealed class AlertOptionsSetup(IConfiguration configuration) : IPostConfigureOptions<AlertOptions>, IValidateOptions<AlertOptions>
{
    public void PostConfigure(string? name, AlertOptions options)
    {
        options.WebhookSecretFile = Text(options.WebhookSecretFile) ?? Text(configuration["MORNINGAI_ALERTS_WEBHOOK_SECRET_FILE"]);
        options.WebhookSecret = Text(options.WebhookSecret) ?? Text(configuration["MORNINGAI_ALERTS_WEBHOOK_SECRET"]);
        if (options is { WebhookSecret: null, WebhookSecretFile: { } file })
            options.WebhookSecret = Read(file);
    }

    public ValidateOptionsResult Validate(string? name, AlertOptions options) =>
        options.Fault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;

    private static string? Read(string file)
    {
        try
        {
            return Text(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OptionsValidationException(nameof(AlertOptions), typeof(AlertOptions), [$"The webhook's secret file '{file}' cannot be read: {e.Message} Mend the path or its rights."]);
        }
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
