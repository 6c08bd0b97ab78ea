using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Storage;
using MorningAI.Telemetry;
using Orleans.Runtime;

namespace MorningAI.Alerts;

/// <summary>Says every few seconds how this silo is.</summary>
internal sealed partial class AlertWatch(IGrainFactory grains, ILocalSiloDetails silo, StoreHealth health, TaskMetrics metrics, IOptions<AlertOptions> options, TimeProvider time, ILogger<AlertWatch> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ILogger<AlertWatch> _logger = logger;
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
        using var timer = new PeriodicTimer(options.Value.Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                await Report();
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private async Task Report()
    {
        try
        {
            await grains.GetGrain<IAlertGrain>(IAlertGrain.Key).Report(Signs()).WaitAsync(Patience, time, _stopping.Token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotReported(e.Message);
        }
    }

    private SiloSigns Signs() => new()
    {
        Silo = silo.Name,
        // One that answers and misses something is being given it: its last outage may have been yesterday.
        AwaySince = health.State == StoreState.Healthy ? null : health.IsWorthTrying ? health.Since : health.OutageBegan ?? health.Since,
        Fault = health.Fault == StoreFault.None ? null : health.Fault.Describe(),
        Failures = metrics.Failures,
        WaitingP99 = metrics.Waiting.P99,
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Who looks after alerts does not answer ({Reason}); told again")]
    private partial void LogNotReported(string reason);
}
