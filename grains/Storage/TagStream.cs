using System.Diagnostics;
using Microsoft.Extensions.Logging;
using MorningAI.Cluster;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>
/// Everything that this silo writes under one hash tag, in order: each record goes to the journal at once and to the
/// store in batches that follow the silo's cursor there. Whatever went wrong, the way back is the same: ask the store
/// for the cursor, and replay the journal from there.
/// </summary>
internal sealed partial class TagStream
{
    /// <summary>Of fewer records than this the second batch costs more than it gains: a call's price is that of about ten records.</summary>
    public const int LeastAhead = 32;

    /// <summary>While the store works on one batch, the next one is on its way: it has something to do while this silo takes an answer in.</summary>
    private const int MostInFlight = 2;

    private readonly Lock _lock = new();
    private readonly Queue<PendingWrite> _queue = new(); // those that are in flight first: a failure finds them where they were
    private readonly Queue<SentBatch> _sent = new();
    private readonly SemaphoreSlim _signal = new(0);
    private readonly string _tag;
    private readonly IStoreBatches _store;
    private readonly IJournal _journal;
    private readonly StoreHealth _health;
    private readonly PauseGuard _pauses;
    private readonly DurableStorageOptions _options;
    private readonly StorageMetrics _metrics;
    private readonly Action _live;
    private readonly ILogger _logger;
    private readonly Task _loop;
    private readonly long _lastOfEarlierLife;

    private Mode _mode = Mode.CatchingUp;
    private bool _behind; // the store is slow, or misses much: nobody waits for it
    private long _cursor;
    private long _lastUnqueued;
    private long _lastForgotten; // what the store had confirmed up to here, it has forgotten since
    private long _lastSent; // the last one that the store was asked to take
    private Task? _nextWake;
    private int _inFlight; // how many of the queue it was asked to take and has not answered
    private bool _stopping;
    private TaskCompletionSource? _whenLive;
    private JournalException? _refusal;

    public TagStream(string tag, IStoreBatches store, IJournal journal, StoreHealth health, PauseGuard pauses, DurableStorageOptions options, StorageMetrics metrics, Action live, ILogger logger)
    {
        _tag = tag;
        _store = store;
        _journal = journal;
        _health = health;
        _pauses = pauses;
        _options = options;
        _metrics = metrics;
        _live = live;
        _logger = logger;
        _lastUnqueued = _lastOfEarlierLife = journal.LastSeqOf(tag);
        _loop = Task.Run(Run);
    }

    private enum Mode
    {
        /// <summary>Batches go from memory to the store.</summary>
        Live,

        /// <summary>The cursor is asked for, and the journal replayed from there.</summary>
        CatchingUp,

        /// <summary>The store does not answer; the journal acknowledges.</summary>
        Offline,
    }

    public bool IsLive
    {
        get
        {
            lock (_lock)
                return _mode == Mode.Live;
        }
    }

    /// <summary>The store answers, and takes its time or misses much: the journal acknowledges before it does.</summary>
    public bool IsBehind
    {
        get
        {
            lock (_lock)
                return _behind;
        }
    }

    /// <summary>The store confirmed it, or, where it cannot now, the journal is on disk.</summary>
    public Task<WriteOutcome> Write(RecordWrite write)
    {
        lock (_lock)
        {
            try
            {
                var (ticket, byJournal) = Append(write);
                if (byJournal)
                    return FromJournal(write, ticket);
                var pending = new AwaitedWrite(write, ticket);
                _queue.Enqueue(pending);
                if (IsToSend)
                    Wake();
                return pending.Ended;
            }
            catch (StoreUnavailableException e)
            {
                return Task.FromException<WriteOutcome>(e);
            }
        }
    }

    /// <summary>As <see cref="Write"/> of each, one after the other.</summary>
    /// <param name="which">Their places among the writes of the group.</param>
    public void Write(IReadOnlyList<RecordWrite> writes, ReadOnlySpan<int> which, WriteGroup group)
    {
        lock (_lock)
        {
            foreach (var i in which)
            {
                try
                {
                    var (ticket, byJournal) = Append(writes[i]);
                    var pending = new GroupedWrite(writes[i], ticket, group, i);
                    if (byJournal)
                        _ = Forward(FromJournal(writes[i], ticket), pending);
                    else
                        _queue.Enqueue(pending);
                }
                catch (StoreUnavailableException e)
                {
                    group.End(i, e);
                }
            }

            if (IsToSend)
                Wake();
        }
    }

    /// <summary>Under the lock: whether enough waits for one more batch.</summary>
    private bool IsToSend => _queue.Count - _inFlight >= (_inFlight == 0 ? 1 : LeastAhead);

    /// <summary>Under the lock.</summary>
    private void Wake()
    {
        if (_signal.CurrentCount == 0)
            _signal.Release();
    }

    /// <summary>Under the lock: gives it its place in the order.</summary>
    /// <exception cref="StoreUnavailableException">The journal takes nothing.</exception>
    private (JournalTicket Ticket, bool ByJournal) Append(RecordWrite write)
    {
        // While catching up, a write still waits in memory for the store, unless the store is behind or too many wait.
        var byJournal = _mode == Mode.Offline || (_mode == Mode.CatchingUp && _journal.Vouches && (_behind || _queue.Count >= _options.MaxBatch));
        try
        {
            var ticket = _journal.Append(write, byJournal || write.IsAcknowledged);
            if (byJournal)
                _lastUnqueued = ticket.Seq;
            return (ticket, byJournal);
        }
        catch (JournalUnavailableException e)
        {
            // In words alone: clients do not have the exception's type.
            throw new StoreUnavailableException($"The journal takes nothing now ({e.Message}). Nothing was stored. Try again.");
        }
    }

    /// <summary>The store may not have what it had: ask it.</summary>
    public void Resync()
    {
        lock (_lock)
        {
            _mode = Mode.CatchingUp;
            Wake();
        }
    }

    /// <summary>Completes when it is in step with the store for the first time from now.</summary>
    /// <exception cref="JournalException">It never will be: the store is ahead of this journal.</exception>
    public Task WhenLive()
    {
        lock (_lock)
            return _refusal is not null ? Task.FromException(_refusal) : _mode == Mode.Live ? Task.CompletedTask : (_whenLive ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }

    /// <summary>Writes what is under way, and ends.</summary>
    public async Task Stop()
    {
        lock (_lock)
        {
            _stopping = true;
            Wake();
        }

        await _loop.ConfigureAwait(false);
    }

    private async Task Run()
    {
        while (true)
        {
            await NextWake().ConfigureAwait(false);
            _nextWake = null;
            try
            {
                if (!_health.IsWorthTrying)
                    throw new StoreFaultException(_health.Fault, "The store is down.") { MayHaveLanded = false };
                do
                {
                    if (!IsLive)
                        await CatchUp().ConfigureAwait(false);
                    await SendWhatWaits().ConfigureAwait(false);
                }
                while (!IsLive);
            }
            catch (StoreFaultException e)
            {
                _health.CallFailed(e.Fault);
                GoOffline(e.Fault, e.MayHaveLanded);
            }
            catch (JournalException e)
            {
                Refuse(e);
            }
            catch (Exception e)
            {
                // Whatever else the store's client may throw: nobody must wait for a stream that has ended.
                LogFailed(e, _tag);
                _health.CallFailed(StoreFault.Refusing);
                GoOffline(StoreFault.Refusing, mayHaveLanded: true);
            }

            lock (_lock)
            {
                if (_stopping && (_queue.Count == 0 || _mode == Mode.Offline))
                    return;
            }
        }
    }

    private Task NextWake() => _nextWake ??= _signal.WaitAsync();

    private void Answer(PendingWrite pending, WriteOutcome outcome)
    {
        Note(pending.Write.Key, pending.Ticket.Seq, outcome.Result);
        if (outcome.Result is WriteResult.Stored or WriteResult.Repeated)
            pending.Ticket.IsStored();
        pending.End(outcome);
    }

    private void Note(RecordKey key, long seq, WriteResult result)
    {
        if (result is WriteResult.Conflict or WriteResult.Exists)
            _journal.Drop(key, seq);
        else if (result == WriteResult.Foreign)
            LogForeign(key);
    }

    /// <summary>A task's grain stays on the silo that has more than the store. Other state may be read from the store by any silo next.</summary>
    private static bool IsOfATask(RecordWrite write) => write.Key.Kind == RecordKey.TaskKind;
}
