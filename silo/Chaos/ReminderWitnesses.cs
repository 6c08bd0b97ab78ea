namespace MorningAI.Silo.Chaos;

/// <summary>Sets up the reminders of a chaos run, from the one silo that is told to: another's would hide that they were lost.</summary>
internal sealed partial class ReminderWitnesses(int count, IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ReminderWitnesses> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ILogger<ReminderWitnesses> _logger = logger;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        for (var number = 1; number <= count; number++)
            await Begin($"witness-{number}", ReminderWitnessGrain.Period * (1 + ((double)number / count)), stoppingToken);
    }

    /// <param name="due">Another for each: some reminder is due at any moment.</param>
    private async Task Begin(string name, TimeSpan due, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await grains.GetGrain<IReminderWitnessGrain>(name).Begin(due);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogFailed(name, e.Message);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Witness} has no reminder yet ({Reason})")]
    private partial void LogFailed(string witness, string reason);
}
