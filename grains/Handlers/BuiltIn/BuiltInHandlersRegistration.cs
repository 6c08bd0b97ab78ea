using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MorningAI.Handlers.BuiltIn;
using MorningAI.Tasks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The one line that adds the kinds that come with the system.</summary>
public static class BuiltInHandlersRegistration
{
    /// <summary>Registers <c>echo</c>, <c>http</c>, <c>sleep</c> and <c>fail</c>.</summary>
    /// <exception cref="OptionsValidationException">The section <c>MorningAI:Http</c> is wrong; the message says how to mend it.</exception>
    public static IServiceCollection AddBuiltInHandlers(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHttpKind(configuration.GetSection(HttpHandlerOptions.Section).Get<HttpHandlerOptions>() ?? new HttpHandlerOptions());
        services.AddTaskHandler<EchoHandler>("echo", o => o.Description = "Returns its payload.");
        services.AddTaskHandler<SleepHandler>("sleep", o =>
        {
            o.Description = "Waits for a number of seconds.";
            // Its payload is its time: the default limit would cut the longer ones.
            o.Timeout = SleepHandler.Longest + TimeSpan.FromMinutes(1);
        });
        return services.AddTaskHandler<FailHandler>("fail", o => (o.Description, o.Retry) = ("Fails every attempt; retried only where its task says so.", RetryPolicy.None));
    }

    private static void AddHttpKind(this IServiceCollection services, HttpHandlerOptions options)
    {
        var connector = new HttpConnector(ReadAllowedHosts(options));
        services.AddSingleton(Options.Options.Create(options));
        services.AddSingleton<HttpAnswerReader>();
        services.TryAddSingleton(TimeProvider.System);
        // The attempt's own time limits the request.
        services.AddHttpClient(HttpHandler.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            // They would write the headers of a task, its secrets among them, into the log.
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectCallback = connector.Connect,
                // Each of these would open a way around the connector's check, or send more than the task says.
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                ActivityHeadersPropagator = null,
            });
        services.AddTaskHandler<HttpHandler>("http", o => o.Description = "Makes an HTTP request.");
    }

    private static HostAllowList ReadAllowedHosts(HttpHandlerOptions options)
    {
        if (options.MaxResponseBytes < 1)
            throw Invalid($"{HttpHandlerOptions.Section}:MaxResponseBytes is {options.MaxResponseBytes}; set it to 1 or more.");
        try
        {
            return new HostAllowList(options.AllowedHosts);
        }
        catch (FormatException e)
        {
            throw Invalid(e.Message);
        }
    }

    private static OptionsValidationException Invalid(string message) => new(nameof(HttpHandlerOptions), typeof(HttpHandlerOptions), [message]);
}
