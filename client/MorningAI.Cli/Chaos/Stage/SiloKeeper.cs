namespace MorningAI.Cli.Chaos.Stage;

/// <summary>Starts silos again that ended by themselves.</summary>
internal sealed class SiloKeeper(ChaosStage stage) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private Task _keeping = Task.CompletedTask;

    public void Begin() => _keeping = Keep(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        _stop.Dispose();
    }

    private async Task Keep(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookEvery, stage.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                foreach (var silo in stage.Silos.Where(s => s.EndedByItself))
                {
                    stage.Log.SiloEnded(silo.Name, silo.Process.Id, silo.Process.ExitCode);
                    await silo.Start();
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }
}
