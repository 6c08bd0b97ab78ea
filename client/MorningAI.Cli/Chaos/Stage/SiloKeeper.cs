namespace MorningAI.Cli.Chaos.Stage;

/// <summary>Starts silos again that ended by themselves.</summary>
internal sealed class SiloKeeper(ChaosStage stage) : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _coming = [];
    private Task _keeping = Task.CompletedTask;

    public void Begin() => _keeping = Keep(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        await Task.WhenAll(_coming);
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
                    _coming.Add(NoteReady(silo, stop));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    /// <summary>The ledger is to have when it served again: what it took over when it joined is nobody's until then.</summary>
    private static async Task NoteReady(SiloProcess silo, CancellationToken stop)
    {
        try
        {
            await silo.WaitUntilReady(stop, mayEnd: true);
        }
        catch (Exception e) when (e is StageException || (e is OperationCanceledException && stop.IsCancellationRequested))
        {
            // It never was, or the run is over: whoever waits for fresh tasks says so.
        }
    }
}
