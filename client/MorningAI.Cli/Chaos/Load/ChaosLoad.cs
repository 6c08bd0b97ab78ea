using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>The users of the run: they submit, look whether their tasks are finished, and ask for all of them in the end.</summary>
internal sealed class ChaosLoad : ILoad, IAsyncDisposable
{
    private const int FinalReaders = 32;

    /// <summary>Of a client that comes later.</summary>
    private const double LaterRate = 10;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FinishLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FinalLimit = TimeSpan.FromSeconds(60);

    /// <summary>Beyond that, for each task: a long run has many.</summary>
    private static readonly TimeSpan FinalLimitEach = TimeSpan.FromMilliseconds(1);

    private readonly CancellationTokenSource _stopSubmitting = new();
    private readonly CancellationTokenSource _stopObserving = new();
    private readonly SubmittedTasks _tasks = new();
    private readonly List<LoadClient> _clients;
    private readonly List<Task> _submitting = [];
    private readonly ChaosStage _stage;
    private readonly LoadCounts _counts;
    private readonly ChaosSettings _settings;
    private readonly TaskReader _reader;
    private readonly Observer _observer;
    private readonly Task _observing;
    private readonly Task _watching;

    private ChaosLoad(ChaosStage stage, LoadClient client, LoadCounts counts, ChaosSettings settings)
    {
        _stage = stage;
        _counts = counts;
        _settings = settings;
        _clients = [client];
        _reader = new TaskReader(client.Tasks, counts);
        _observer = new Observer(_reader, new LedgerTail(stage.Folder.Ledger), stage.Log, counts, stage.Time);
        Prober = new Prober(stage, _observer, _tasks, counts);
        BeginToSubmit(client, settings.Rate);
        _observing = _observer.Run(_stopObserving.Token);
        _watching = new MemberWatch(stage).Run(_stopObserving.Token);
    }

    public Prober Prober { get; }

    public static async Task<ChaosLoad> Begin(ChaosStage stage, LoadCounts counts, ChaosSettings settings, CancellationToken cancellationToken) =>
        new(stage, await Connect(stage, cancellationToken), counts, settings);

    public async Task<int> AddClient(CancellationToken cancellationToken)
    {
        var client = await Connect(_stage, cancellationToken);
        _clients.Add(client);
        var submitter = BeginToSubmit(client, LaterRate);
        var began = _stage.Time.GetTimestamp();
        while (submitter.Acknowledged == 0 && _stage.Time.GetElapsedTime(began) < AnswerLimit)
            await Task.Delay(Poll, _stage.Time, cancellationToken);
        return submitter.Acknowledged;
    }

    /// <summary>Returns when every submit has its answer.</summary>
    public async Task StopSubmitting()
    {
        await _stopSubmitting.CancelAsync();
        await Task.WhenAll(_submitting);
    }

    /// <summary>Returns when all that was acknowledged was seen finished, or the time for it is over.</summary>
    public async Task WaitUntilFinished(CancellationToken cancellationToken)
    {
        var began = _stage.Time.GetTimestamp();
        while (_tasks.Acknowledged.Keys.Any(id => !_observer.Seen.ContainsKey(id)) && _stage.Time.GetElapsedTime(began) < FinishLimit)
            await Task.Delay(Poll, _stage.Time, cancellationToken);
    }

    /// <summary>Asks the system for every task once more, whatever it said before.</summary>
    public async Task ReadFinals(CancellationToken cancellationToken)
    {
        var began = _stage.Time.GetTimestamp();
        var limit = FinalLimit + (_tasks.All.Count * FinalLimitEach);
        var explanations = new Explanations(_clients[0].Queues, _stage.Folder.At(Explanations.FileName));
        var options = new ParallelOptions { MaxDegreeOfParallelism = FinalReaders, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(_tasks.All.Distinct(), options, async (id, cancel) =>
        {
            var ending = new TaskEnding(RunLog.Unreadable, 0, null, null);
            while (ending.State == RunLog.Unreadable && _stage.Time.GetElapsedTime(began) < limit)
                ending = await _reader.Read(id, cancel);
            _stage.Log.Final(id.ToString(), ending);
            if (ending.IsWaiting)
                await explanations.Note(id, cancel);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await StopSubmitting();
        await _stopObserving.CancelAsync();
        await Task.WhenAll(_observing, _watching);
        foreach (var client in _clients)
            await client.DisposeAsync();
        _stopSubmitting.Dispose();
        _stopObserving.Dispose();
    }

    private static Task<LoadClient> Connect(ChaosStage stage, CancellationToken cancellationToken) =>
        LoadClient.Connect(stage.Silos.Select(s => s.Gateway), cancellationToken);

    private Submitter BeginToSubmit(LoadClient client, double rate)
    {
        var submitter = new Submitter(client.Tasks, _tasks, _stage.Log, _counts, rate, _settings.Seed + _submitting.Count, _stage.Time);
        _submitting.Add(submitter.Run(_stopSubmitting.Token));
        return submitter;
    }
}
