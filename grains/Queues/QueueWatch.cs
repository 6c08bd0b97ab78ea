using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MorningAI.Intake;

namespace MorningAI.Queues;

/// <summary>Learns every second, on every silo, what was decided about queues, and now and then which there are.</summary>
internal sealed partial class QueueWatch(IGrainFactory grains, QueueControls controls, KnownPartitions partitions, TimeProvider time, ILogger<QueueWatch> logger) : IHostedLifecycleService
{
    private const int ListEvery = 10; // rounds
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ILogger<QueueWatch> _logger = logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;
    private bool _failing;
    private int _rounds;

    /// <summary>After every service has started, its silo among them.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        // A silo's start must not wait for a directory whose own silo has just died.
        await Task.WhenAny(Learn(), Task.Delay(Round, time, cancellationToken));
        _watching = Task.Run(Watch, CancellationToken.None);
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _watching;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(Round, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await Learn();
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task Learn()
    {
        try
        {
            foreach (var control in await grains.GetQueueDirectory().Controls().WaitAsync(Patience, time, _stopping.Token))
                controls.Take(control);
            if (_rounds++ % ListEvery == 0)
                partitions.Know(await grains.GetQueueDirectory().List().WaitAsync(Patience, time, _stopping.Token));
            _failing = false;
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            if (!_failing)
                LogNotLearnt(e.Message);
            _failing = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The queue directory does not say which queues are paused ({Reason}); what was known holds, and it is asked again")]
    private partial void LogNotLearnt(string reason);
}
