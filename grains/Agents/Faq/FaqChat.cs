using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;

namespace MorningAI.Agents.Faq;

/// <summary>Chooses what is behind <see cref="IChatCompletionService"/>, by configuration.</summary>
internal static class FaqChat
{
    public static IChatCompletionService Create(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<FaqModelOptions>>().Value;
        return options.Provider == FaqModelProvider.OpenAI ? CreateOpenAI(options) : services.GetRequiredService<EmbeddedWriter>();
    }

    private static OpenAIChatCompletionService CreateOpenAI(FaqModelOptions options)
    {
        var sockets = new SocketsHttpHandler
        {
            // A singleton outlives the DNS records that it was made with.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // The key goes to the configured endpoint and nowhere else.
            AllowAutoRedirect = false,
        };
        // ModelCall keeps the time. With a client of ours the connector repeats nothing by itself, so requests are counted in one place.
        var client = new HttpClient(sockets) { Timeout = Timeout.InfiniteTimeSpan };
        // No logger factory: the connector's trace log would hold questions and answers.
        return options.Endpoint is null
            ? new OpenAIChatCompletionService(options.Model, options.ApiKey!, organization: null, client)
            : CreateCompatible(options, options.Endpoint, client);
    }

#pragma warning disable SKEXP0010 // The constructor for other endpoints than OpenAI's is marked experimental.
    private static OpenAIChatCompletionService CreateCompatible(FaqModelOptions options, Uri endpoint, HttpClient client) =>
        new(options.Model, endpoint, options.ApiKey, organization: null, client);
#pragma warning restore SKEXP0010
}
