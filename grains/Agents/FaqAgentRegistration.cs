using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MorningAI.Agents.Faq;
using MorningAI.Agents.Knowledge;
using MorningAI.Queues;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The one line that adds the FAQ agent.</summary>
public static class FaqAgentRegistration
{
    /// <summary>Registers the kind <c>faq</c>. A chat service that the host registered before stays the one that is used.</summary>
    /// <exception cref="OptionsValidationException">The agent's section is wrong; the message says how to mend it. The model's is checked when the host starts.</exception>
    public static IServiceCollection AddFaqAgent(this IServiceCollection services, IConfiguration configuration)
    {
        var faq = configuration.GetSection(FaqOptions.Section).Get<FaqOptions>() ?? new FaqOptions();
        if (string.IsNullOrWhiteSpace(faq.KnowledgeDirectory))
            faq.KnowledgeDirectory = configuration["MORNINGAI_KNOWLEDGE_DIRECTORY"] is { Length: > 0 } directory ? directory : null;
        if (faq.Check() is { } fault)
            throw new OptionsValidationException(nameof(FaqOptions), typeof(FaqOptions), [fault]);

        services.AddSingleton(Options.Options.Create(faq));
        services.AddOptions<FaqModelOptions>().Bind(configuration.GetSection(FaqModelOptions.Section)).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<FaqModelOptions>>(new FaqModelOptionsSetup(configuration));
        services.AddSingleton<IValidateOptions<FaqModelOptions>, FaqModelOptionsValidator>();
        services.AddSingleton<KnowledgeBase>();
        services.AddSingleton<EmbeddedWriter>();
        services.TryAddSingleton(FaqChat.Create);
        return services.AddTaskHandler<FaqHandler>("faq", o =>
        {
            o.Queue = QueueName.Parse(faq.Queue);
            o.Description = "Answers a question with an FAQ document.";
        });
    }
}
