namespace MorningAI.Silo;

/// <summary>
/// A hosted service that needs the running silo, and that nothing waits for: begun once the silo is ready. The silo's
/// services start side by side, that HTTP may say what the silo waits for.
/// </summary>
internal sealed class StartedLast(IHostedService inner, IHostApplicationLifetime lifetime) : IHostedService, IAsyncDisposable
{
    private Task _starting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _starting = Task.Run(() => inner.StartAsync(lifetime.ApplicationStopping)));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await inner.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (inner is IAsyncDisposable async)
            await async.DisposeAsync();
        else
            (inner as IDisposable)?.Dispose();
    }
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
