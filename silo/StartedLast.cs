namespace MorningAI.Silo;

/// <summary>
/// A hosted service that needs the running silo: begun once every other has started. The silo's services start side by
/// side, that HTTP may say what the silo waits for.
/// </summary>
internal sealed class StartedLast(IHostedService inner) : IHostedLifecycleService, IAsyncDisposable
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
    /// <summary>Has a library's hosted services begin after all others.</summary>
    /// <param name="library">The namespace of their types.</param>
    public static IServiceCollection StartLast(this IServiceCollection services, string library)
    {
        for (var i = 0; i < services.Count; i++)
        {
            var service = services[i];
            var type = service.ImplementationType ?? service.ImplementationFactory?.Method.ReturnType;
            if (service.ServiceType == typeof(IHostedService) && type?.Namespace == library)
                services[i] = ServiceDescriptor.Singleton<IHostedService>(s => new StartedLast((IHostedService)(service.ImplementationFactory?.Invoke(s) ?? ActivatorUtilities.CreateInstance(s, type))));
        }

        return services;
    }
}
