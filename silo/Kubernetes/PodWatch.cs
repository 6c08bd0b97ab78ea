using k8s;
using Microsoft.Extensions.Options;
using Orleans.Hosting.Kubernetes;

namespace MorningAI.Silo.Kubernetes;

/// <summary>
/// Runs Orleans' Kubernetes agent beside the silo, not in its start. The agent alone fails the start while the API server
/// is away, and asks without a pause where it is refused; a silo must start in both.
/// </summary>
internal sealed partial class PodWatch(IServiceProvider services, PodIdentity pod, IOptions<KubernetesHostingOptions> options, TimeProvider time, ILogger<PodWatch> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly ILogger<PodWatch> _logger = logger;
    private readonly CancellationTokenSource _stopping = new();
    private ILifecycleObserver? _agent;
    private Task _run = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(PodWatch), ServiceLifecycleStage.Active, Start, Stop);

    private Task Start(CancellationToken cancellationToken)
    {
        _run = Task.Run(Run, CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task Stop(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _run.WaitAsync(cancellationToken);
        if (_agent is not null)
            await _agent.OnStop(cancellationToken);
    }

    private async Task Run()
    {
        while (!await TryStart())
        {
            try
            {
                await Task.Delay(Pause, time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <returns>True once the agent runs, or nobody wants it any more.</returns>
    private async Task<bool> TryStart()
    {
        try
        {
            await Ask();
            _agent ??= StartOf(services.GetRequiredService<KubernetesClusterAgent>());
            await _agent.OnStart(_stopping.Token);
            return true;
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception e)
        {
            LogNotWatching(e.Message, Pause);
            return false;
        }
    }

    /// <summary>The agent's own first calls, where a refusal is an exception.</summary>
    private async Task Ask()
    {
        using var api = new k8s.Kubernetes(options.Value.GetClientConfiguration());
        await api.CoreV1.ReadNamespacedPodAsync(pod.Name, pod.Namespace, cancellationToken: _stopping.Token);
        await api.CoreV1.ListNamespacedPodAsync(pod.Namespace, limit: 1, cancellationToken: _stopping.Token);
    }

    private static ILifecycleObserver StartOf(KubernetesClusterAgent agent)
    {
        var caught = new Caught();
        agent.Participate(caught);
        return caught.Observer ?? throw new InvalidOperationException("Orleans' Kubernetes agent takes no part in the silo's life.");
    }

    /// <summary>Stands in for the silo's life where the agent says what it wants to do at start and stop.</summary>
    private sealed class Caught : ISiloLifecycle, IDisposable
    {
        public ILifecycleObserver? Observer { get; private set; }

        public int HighestCompletedStage => ServiceLifecycleStage.First;

        public int LowestStoppedStage => ServiceLifecycleStage.Last;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            Observer = observer;
            return this;
        }

        public void Dispose()
        {
            // Nobody unsubscribes.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Pods are not watched ({Reason}): silos whose pods are gone are found by probes alone. Trying again in {Pause}")]
    private partial void LogNotWatching(string reason, TimeSpan pause);
}
