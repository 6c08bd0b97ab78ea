using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Workers;

/// <summary>
/// Brings the silo's worker up once the silo is, keeps the queue directory alive, and drains the worker while everything
/// else still runs.
/// </summary>
internal sealed partial class WorkerHost(IGrainFactory grains, AttemptRunner runner, WorkerKeeper keeper, JournalHandover handover, KnownPartitions partitions, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<WorkerHost> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly ILogger<WorkerHost> _logger = logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _keeping = Task.CompletedTask;

    /// <summary>After every service has started, its silo among them.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(runner.BeginDrain);
        await Warm();
        while (!await keeper.TryBegin())
            await Task.Delay(Pause, time, cancellationToken);
        runner.Announce(partitions.All);
        _keeping = Task.Run(() => keeper.Run(_stopping.Token), CancellationToken.None);
    }

    /// <summary>Before any service stops: its own HTTP, its silo and its store are still there to finish the work with.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetWorker(runner.Worker.Name).Drain().WaitAsync(cancellationToken);
            await runner.Drain(cancellationToken);
            await handover.BeforeLeaving(cancellationToken);
            await grains.GetWorkerRegistry().Leave(runner.Worker).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or OrleansException or TimeoutException or StoreUnavailableException)
        {
            // What still runs is given back by its queue once this silo is gone.
            LogNotDrained(e.Message);
        }

        await _stopping.CancelAsync();
        await _keeping;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// A stateless worker's first activation on a silo asks the grain directory, which may lie on a silo that has just
    /// died, and the list of queues is read from the store, which may be gone a moment later. Done now, no submit ever
    /// waits for that.
    /// </summary>
    private async Task Warm()
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, IIntakeGrain.Keys).Select(k => grains.GetIntake(k).CountPartitions(QueueName.Default))).WaitAsync(WorkerKeeper.Patience, time);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or StoreUnavailableException)
        {
            LogNotWarm(e.Message);
        }

        await keeper.TryWakeQueues();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The intake was not warmed up ({Reason}): the first submits may be slow")]
    private partial void LogNotWarm(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker was not drained to the end: {Reason}")]
    private partial void LogNotDrained(string reason);
}
