namespace MorningAI.Silo;

/// <summary>
/// A hosted service that needs the running silo, and that nothing waits for: begun once the silo is ready. The silo's
/// services start side by side, that HTTP may say what the silo waits for.
/// </summary>
internal sealed partial class StartedLast(IHostedService inner, IHostApplicationLifetime lifetime, ILogger<StartedLast> logger) : IHostedService, IAsyncDisposable
{
    private readonly ILogger<StartedLast> _logger = logger;
    private Task _starting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _starting = Task.Run(Start));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        await inner.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable async)
            await async.DisposeAsync();
        else
            (inner as IDisposable)?.Dispose();
    }

    private async Task Start()
    {
        try
        {
            await inner.StartAsync(lifetime.ApplicationStopping);
        }
        catch (Exception e)
        {
            LogNotStarted(inner.GetType().Name, e.Message); // the silo works without it
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} could not be started: {Reason}")]
    private partial void LogNotStarted(string service, string reason);
}

internal static class StartedLastRegistration
{
    /// <summary>Has a library's hosted services begin after all others, and once the silo is ready.</summary>
    /// <param name="library">The namespace of their types.</param>
    public static IServiceCollection StartLast(this IServiceCollection services, string library)
    {
        for (var i = 0; i < services.Count; i++)
        {
            var service = services[i];
            var type = service.ImplementationType ?? service.ImplementationFactory?.Method.ReturnType;
            if (service.ServiceType == typeof(IHostedService) && type?.Namespace == library)
                services[i] = ServiceDescriptor.Singleton<IHostedService>(s => ActivatorUtilities.CreateInstance<StartedLast>(s, (IHostedService)(service.ImplementationFactory?.Invoke(s) ?? ActivatorUtilities.CreateInstance(s, type))));
        }

        return services;
    }
}
