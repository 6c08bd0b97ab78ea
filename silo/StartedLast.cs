using Orleans.Runtime;

namespace MorningAI.Silo;

/// <summary>
/// A library's parts that need the running silo, and that nothing waits for: begun once the silo is ready. The silo's
/// services start side by side, that HTTP may say what the silo waits for.
/// </summary>
internal static class StartedLast
{
    /// <summary>Has the hosted services that are added, and the participants in the silo's lifecycle, begin once the silo is ready.</summary>
    public static void StartLast(this IServiceCollection services, Action add)
    {
        var before = services.Count;
        add();
        for (var i = before; i < services.Count; i++)
        {
            var service = services[i];
            if (service.ServiceType == typeof(IHostedService))
                services[i] = ServiceDescriptor.Singleton<IHostedService>(s => new Service(service.Make<IHostedService>(s), s.GetLateStart()));
            else if (service.ServiceType == typeof(ILifecycleParticipant<ISiloLifecycle>))
                services[i] = ServiceDescriptor.Singleton<ILifecycleParticipant<ISiloLifecycle>>(s => new Participant(service.Make<ILifecycleParticipant<ISiloLifecycle>>(s), s.GetLateStart));
        }
    }

    private static T Make<T>(this ServiceDescriptor service, IServiceProvider services) =>
        (T)(service.ImplementationInstance ?? service.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, service.ImplementationType!));

    private static LateStart GetLateStart(this IServiceProvider services) => ActivatorUtilities.CreateInstance<LateStart>(services);

    private sealed class Service(IHostedService inner, LateStart late) : IHostedService, IAsyncDisposable
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            late.Begin(inner.GetType().Name, inner.StartAsync);
            return Task.CompletedTask;
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await late.Ended.WaitAsync(cancellationToken);
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

    private sealed class Participant(ILifecycleParticipant<ISiloLifecycle> inner, Func<LateStart> late) : ILifecycleParticipant<ISiloLifecycle>
    {
        public void Participate(ISiloLifecycle lifecycle) => inner.Participate(new Lifecycle(lifecycle, late));
    }

    private sealed class Lifecycle(ISiloLifecycle inner, Func<LateStart> late) : ISiloLifecycle
    {
        public int HighestCompletedStage => inner.HighestCompletedStage;

        public int LowestStoppedStage => inner.LowestStoppedStage;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer) =>
            inner.Subscribe(observerName, stage, new Observer(observerName, observer, late()));
    }

    private sealed class Observer(string name, ILifecycleObserver inner, LateStart late) : ILifecycleObserver
    {
        public Task OnStart(CancellationToken cancellationToken = default)
        {
            late.Begin(name, inner.OnStart);
            return Task.CompletedTask;
        }

        public async Task OnStop(CancellationToken cancellationToken = default)
        {
            await late.Ended.WaitAsync(cancellationToken);
            await inner.OnStop(cancellationToken);
        }
    }
}
