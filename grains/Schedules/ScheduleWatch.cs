using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MorningAI.Schedules;

/// <summary>
/// Calls every shard of the directory, on every silo: one whose silo died is awake elsewhere as soon as the death is known.
/// Apart from the worker's beats, which must not wait for a shard that hangs.
/// </summary>
internal sealed partial class ScheduleWatch(IGrainFactory grains, TimeProvider time, ILogger<ScheduleWatch> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ILogger<ScheduleWatch> _logger = logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>After every service has started, its silo among them.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _watching = Task.Run(Watch, CancellationToken.None);
        return Task.CompletedTask;
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
            do
            {
                var failures = (await Task.WhenAll(Enumerable.Range(0, IScheduleDirectoryGrain.Shards).Select(Wake))).OfType<string>().ToArray();
                if (failures.Length > 0)
                    LogNotAwake(failures.Length, failures[0]);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    /// <returns>Why it does not answer; null where it does.</returns>
    private async Task<string?> Wake(int shard)
    {
        try
        {
            await grains.GetScheduleDirectory(shard).Wake().WaitAsync(Patience, time, _stopping.Token);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} shards of the directory of schedules do not answer ({Reason}); they are called again")]
    private partial void LogNotAwake(int count, string reason);
}
