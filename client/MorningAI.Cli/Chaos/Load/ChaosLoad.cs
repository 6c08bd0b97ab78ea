using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>The users of the run: they submit, look whether their tasks are finished, and ask for all of them in the end.</summary>
internal sealed class ChaosLoad : IAsyncDisposable
{
    private const int FinalReaders = 32;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FinalLimit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stopSubmitting = new();
    private readonly CancellationTokenSource _stopObserving = new();
    private readonly ChaosStage _stage;
    private readonly LoadClient _client;
    private readonly TaskReader _reader;
    private readonly Submitter _submitter;
    private readonly Observer _observer;
    private readonly Task _submitting;
    private readonly Task _observing;

    private ChaosLoad(ChaosStage stage, LoadClient client, LoadCounts counts, ChaosSettings settings)
    {
        _stage = stage;
        _client = client;
        _reader = new TaskReader(client.Tasks, counts);
        _submitter = new Submitter(client.Tasks, stage.Log, counts, settings, stage.Time);
        _observer = new Observer(_reader, new LedgerTail(stage.Folder.Ledger), stage.Log, counts, stage.Time);
        Prober = new Prober(stage, _observer, _submitter, counts);
        _submitting = _submitter.Run(_stopSubmitting.Token);
        _observing = _observer.Run(_stopObserving.Token);
    }

    public Prober Prober { get; }

    public static async Task<ChaosLoad> Begin(ChaosStage stage, LoadCounts counts, ChaosSettings settings, CancellationToken cancellationToken) =>
        new(stage, await LoadClient.Connect(stage.Silos.Select(s => s.Gateway), cancellationToken), counts, settings);

    /// <summary>Returns when every submit has its answer.</summary>
    public async Task StopSubmitting()
    {
        await _stopSubmitting.CancelAsync();
        await _submitting;
    }

    /// <summary>Returns when all that was acknowledged was seen finished, or the time for it is over.</summary>
    public async Task WaitUntilFinished(CancellationToken cancellationToken)
    {
        var began = _stage.Time.GetTimestamp();
        while (_submitter.Acknowledged.Keys.Any(id => !_observer.Seen.ContainsKey(id)) && _stage.Time.GetElapsedTime(began) < FinishLimit)
            await Task.Delay(Poll, _stage.Time, cancellationToken);
    }

    /// <summary>Asks the system for every task once more, whatever it said before.</summary>
    public async Task ReadFinals(CancellationToken cancellationToken)
    {
        var began = _stage.Time.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = FinalReaders, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_submitter.All.Distinct(), options, async (id, cancel) =>
        {
            var ending = new TaskEnding(RunLog.Unreadable, 0, null, null);
            while (ending.State == RunLog.Unreadable && _stage.Time.GetElapsedTime(began) < FinalLimit)
                ending = await _reader.Read(id, cancel);
            _stage.Log.Final(id.ToString(), ending);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await StopSubmitting();
        await _stopObserving.CancelAsync();
        await _observing;
        await _client.DisposeAsync();
        _stopSubmitting.Dispose();
        _stopObserving.Dispose();
    }
}
