namespace MorningAI.Silo;

/// <summary>One start that waits for the silo's own.</summary>
internal sealed partial class LateStart(IHostApplicationLifetime lifetime, ILogger<LateStart> logger)
{
    private readonly ILogger<LateStart> _logger = logger;

    /// <summary>It has started, or could not be; also where it has not begun.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public void Begin(string what, Func<CancellationToken, Task> start) => lifetime.ApplicationStarted.Register(() => Ended = Task.Run(() => Run(what, start)));

    private async Task Run(string what, Func<CancellationToken, Task> start)
    {
        try
        {
            await start(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The silo was told to end at once.
        }
        catch (Exception e)
        {
            LogNotStarted(what, e.Message); // the silo works without it
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Service} could not be started: {Reason}")]
    private partial void LogNotStarted(string service, string reason);
}
