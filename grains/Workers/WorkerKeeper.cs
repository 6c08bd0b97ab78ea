using Microsoft.Extensions.Logging;
using MorningAI.Queues;

namespace MorningAI.Workers;

/// <summary>
/// Calls a silo's worker and the queue directory, again and again: either may have been lost with another silo, or with the
/// directory entry that one held. Neither call waits for the other, nor for long: one that a dying silo has swallowed is
/// answered after half a minute, and until its worker speaks a queue that comes up anew sends this silo nothing.
/// </summary>
internal sealed partial class WorkerKeeper(IGrainFactory grains, ILocalWorker local, TimeProvider time, ILogger<WorkerKeeper> logger)
{
    public static readonly TimeSpan Round = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ILogger<WorkerKeeper> _logger = logger;

    /// <returns>Whether the worker is up: registered, and its reminder stored.</returns>
    public async Task<bool> TryBegin()
    {
        try
        {
            return await grains.GetWorker(local.Worker.Name).Begin().WaitAsync(Patience, time);
        }
        catch (Exception e)
        {
            LogNotBegun(local.Worker, e.Message);
            return false;
        }
    }

    public async Task TryWakeQueues()
    {
        try
        {
            await grains.GetQueueDirectory().Wake().WaitAsync(Patience, time);
        }
        catch (Exception e)
        {
            LogNotWoken(e.Message);
        }
    }

    public async Task Run(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Round, time);
        try
        {
            do
                await Task.WhenAll(TryBegin(), TryWakeQueues()).WaitAsync(cancellationToken);
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Worker} cannot begin yet: {Reason}")]
    private partial void LogNotBegun(WorkerId worker, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The queue directory does not answer ({Reason}); it is called again")]
    private partial void LogNotWoken(string reason);
}
