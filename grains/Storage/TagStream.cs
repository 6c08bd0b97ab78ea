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
            var ticket = _journal.Append(write, byJournal);
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

    /// <summary>Until all that waits is answered, or the store's cursor is not where it should be, or the store is slow. Nothing is in flight then.</summary>
    private async Task SendWhatWaits()
    {
        RecordWrite? slow = null;
        while (true)
        {
            while (slow is null && TakeBatch() is { } batch)
                _sent.Enqueue(batch);
            if (_sent.TryPeek(out var oldest))
            {
                if (_sent.Count < MostInFlight && slow is null && IsLive && await Task.WhenAny(oldest.Answer, NextWake()).ConfigureAwait(false) != oldest.Answer)
                {
                    _nextWake = null; // enough came in for one more
                    continue;
                }

                var (answer, time) = await oldest.Answer.ConfigureAwait(false);
                TakeIn(_sent.Dequeue().Writes, answer);
                if (time > _options.SlowAfter)
                    slow ??= oldest.Writes[0].Write;
            }
            else if (slow is not null && IsLive)
            {
                FallBehind(slow);
                slow = null;
            }
            else
            {
                return;
            }
        }
    }

    private SentBatch? TakeBatch()
    {
        PendingWrite[] batch;
        long follows;
        lock (_lock)
        {
            if (_mode != Mode.Live || _sent.Count == MostInFlight || !IsToSend)
                return null;
            batch = [.. _queue.Skip(_inFlight).Take(_options.MaxBatch)];
            follows = _inFlight == 0 ? _cursor : _lastSent;
            _inFlight += batch.Length;
            _lastSent = batch[^1].Ticket.Seq;
        }

        return new SentBatch(batch, Send(batch, follows));
    }

    private async Task<(BatchAnswer Answer, TimeSpan Time)> Send(PendingWrite[] batch, long follows)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await _store.Apply(_tag, Array.ConvertAll(batch, p => new JournalEntry(p.Ticket.Seq, p.Write)), follows).ConfigureAwait(false);
        var time = Stopwatch.GetElapsedTime(start);
        _metrics.Batch(batch.Length, time);
        return (answer, time);
    }

    private void TakeIn(PendingWrite[] batch, BatchAnswer answer)
    {
        lock (_lock)
        {
            _inFlight -= batch.Length;
            if (answer.Outcomes is null)
            {
                _mode = Mode.CatchingUp; // something is missing there, or a batch that seemed lost has landed
                return;
            }

            if (!ReferenceEquals(_queue.Peek(), batch[0]))
                throw new StoreFaultException(StoreFault.Refusing, "The store took a batch, and not the one before it.") { MayHaveLanded = true };
            _cursor = answer.Cursor;
            for (var i = 0; i < batch.Length; i++)
                Answer(_queue.Dequeue(), answer.Outcomes[i]);
        }

        _metrics.Acknowledged(Durability.Redis, batch.Length);
        _journal.Confirm(_tag, answer.Cursor);
    }

    /// <summary>Replays the journal from the cursor that the store shows, until there is nothing left but what waits in memory.</summary>
    private async Task CatchUp()
    {
        var after = await _store.Cursor(_tag).ConfigureAwait(false);
        if (after > _journal.LastNumber)
        {
            // Its numbers would be given out again, and the store would take new writes for old ones.
            throw new JournalException(
                $"The journal is an older copy of one that went on: the store has {_tag} up to number {after} of it, and this copy has given out none beyond {_journal.LastNumber}. " +
                "Put the newest copy in its place; where there is none, move this one away ('morningai journal' reads it there) and start with a new one.");
        }

        var confirmed = _journal.Confirmed(_tag);
        if (after < confirmed)
        {
            LogDataLoss(_tag, after, confirmed);
            // How far it was confirmed is written down once in a while, so of the last life's last moments nothing is known.
            _lastForgotten = Math.Max(confirmed, _lastOfEarlierLife);
            _health.LostData();
            _metrics.DataLost();
        }

        var wasBehind = IsBehind; // a slow store is caught up with all the time
        long replayed = 0;
        while (true)
        {
            var page = _journal.Read(_tag, after, _options.MaxBatch);
            var isLong = page.Count == _options.MaxBatch; // there is more to come: whoever waits for its end waits long
            if (isLong)
                FallBehind(page[0].Write);
            if (page.Count == 0)
            {
                if (await TryGoLive(after).ConfigureAwait(false))
                    break;
                continue;
            }

            JournalEntry[] entries = [.. page.Select(e => e with { Acknowledged = e.Acknowledged || e.Seq <= _lastForgotten })];
            var start = Stopwatch.GetTimestamp();
            var answer = await _store.Apply(_tag, entries, after).ConfigureAwait(false);
            if (Stopwatch.GetElapsedTime(start) > _options.SlowAfter)
                FallBehind(page[0].Write);
            else if (!isLong)
                NearlyCaughtUp();
            after = answer.Cursor;
            if (answer.Outcomes is null)
                continue; // a batch that seemed lost landed meanwhile, or the store lost data again: go on from there
            replayed += entries.Length;
            _metrics.Replayed(entries.Length);
            AnswerReplayed(entries, answer.Outcomes);
            _journal.Confirm(_tag, after);
        }

        if (replayed >= _options.MaxBatch || (replayed > 0 && !wasBehind))
            LogReplayed(_tag, replayed);
        _live();
    }

    private async Task<bool> TryGoLive(long after)
    {
        long missing;
        lock (_lock)
        {
            missing = _lastUnqueued;
            if (after >= missing)
            {
                while (_queue.TryPeek(out var done) && done.Ticket.Seq <= after)
                    Answer(_queue.Dequeue(), new WriteOutcome(WriteResult.Stored, null));
                _cursor = after;
                _mode = Mode.Live;
                _behind = false;
                _whenLive?.SetResult();
                _whenLive = null;
                return true;
            }
        }

        // Acknowledged from the journal, or about to be, and not on disk yet: it will be in a moment, or be given up.
        await _journal.WhenSettled(missing).ConfigureAwait(false);
        lock (_lock)
        {
            if (_lastUnqueued == missing && _journal.LastSeqOf(_tag) <= after)
                _lastUnqueued = after; // the journal's disk refused it, and its caller was told so
        }

        return false;
    }

    private void AnswerReplayed(IReadOnlyList<JournalEntry> entries, WriteOutcome[] outcomes)
    {
        var bySeq = new Dictionary<long, WriteOutcome>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            bySeq[entries[i].Seq] = outcomes[i];
            // Another silo's came first; but what the store shows now it may forget, as it just did, and that silo may have given way to this one before.
            if (outcomes[i].Result != WriteResult.Exists || _journal.Find(entries[i].Write.Key)?.Seq != entries[i].Seq)
                Note(entries[i].Write.Key, entries[i].Seq, outcomes[i].Result);
        }

        lock (_lock)
        {
            while (_queue.TryPeek(out var pending) && pending.Ticket.Seq <= entries[^1].Seq)
                Answer(_queue.Dequeue(), bySeq.GetValueOrDefault(pending.Ticket.Seq, new WriteOutcome(WriteResult.Stored, null)));
        }
    }

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

    private void GoOffline(StoreFault fault, bool mayHaveLanded)
    {
        lock (_lock)
        {
            LogOffline(_tag, fault, _queue.Count);
            _mode = Mode.Offline;
            while (_sent.TryDequeue(out var unanswered))
                unanswered.Answer.Ignore(); // whether it landed the cursor tells
            _inFlight = 0;
            LeaveToJournal(mayHaveLanded);
        }
    }

    private void Refuse(JournalException refusal)
    {
        lock (_lock)
        {
            _refusal = refusal;
            _mode = Mode.Offline;
            LeaveToJournal(mayHaveLanded: false);
            _whenLive?.SetException(refusal);
            _whenLive = null;
        }
    }

    /// <summary>The store gets what comes by replay, after the journal's acknowledgement, until it has answered in time.</summary>
    private void FallBehind(RecordWrite example)
    {
        if (!_journal.Vouches || !IsOfATask(example))
            return;
        lock (_lock)
        {
            _mode = Mode.CatchingUp;
            _behind = true;
            LeaveToJournal(mayHaveLanded: false);
        }
    }

    /// <summary>Nearly there, and fast: what is written from now on waits for the store, or the end would never come.</summary>
    private void NearlyCaughtUp()
    {
        lock (_lock)
            _behind = false;
    }

    /// <summary>Under the lock: what waits for the store waits for the journal instead.</summary>
    private void LeaveToJournal(bool mayHaveLanded)
    {
        while (_queue.TryDequeue(out var pending))
        {
            var sent = mayHaveLanded && pending.Ticket.Seq <= _lastSent;
            if (pending.Write.ChangesTask && !_pauses.WhenSound().IsCompleted)
            {
                _lastUnqueued = Math.Max(_lastUnqueued, pending.Ticket.Seq);
                pending.End(new StoreUnavailableException("This silo stood still, and does not know yet whether its tasks are still its own. Try again.") { MayHaveLanded = true });
                continue;
            }

            var ticket = pending.Write.CreateOnly ? pending.Ticket : Again(pending);
            _lastUnqueued = Math.Max(_lastUnqueued, ticket.Seq);
            _ = Forward(FromJournal(pending.Write, ticket, sent), pending);
        }
    }

    /// <summary>
    /// It goes down as acknowledged, which the store honours where others have gone on meanwhile; and with a number that no
    /// cursor has passed: its batch may have landed with this very write refused as a conflict, and must be asked again.
    /// </summary>
    private JournalTicket Again(PendingWrite pending)
    {
        try
        {
            return _journal.Append(pending.Write, acknowledged: true);
        }
        catch (JournalUnavailableException)
        {
            return pending.Ticket; // refused, too
        }
    }

    private static async Task Forward(Task<WriteOutcome> outcome, PendingWrite pending)
    {
        try
        {
            pending.End(await outcome.ConfigureAwait(false));
        }
        catch (Exception e)
        {
            pending.End(e);
        }
    }

    private async Task<WriteOutcome> FromJournal(RecordWrite write, JournalTicket ticket, bool mayHaveLanded = false)
    {
        try
        {
            await ticket.Durable.ConfigureAwait(false);
        }
        catch (JournalUnavailableException e)
        {
            _metrics.Refused();
            throw mayHaveLanded
                ? new StoreUnavailableException($"The store broke off in the middle of a write, and the journal's disk takes nothing ({e.Message}). Try again.") { MayHaveLanded = true }
                : new StoreUnavailableException($"Neither the store nor the journal's disk takes anything now ({e.Message}). Nothing was stored. Try again.");
        }

        _metrics.Acknowledged(Durability.Journal);
        if (write.CreateOnly && _journal.Find(write.Key) is { } existing && existing.Seq != ticket.Seq)
            return Exists(existing); // the journal goes by the store's rules: the first one stays
        return new WriteOutcome(WriteResult.Stored, null) { Durability = Durability.Journal };
    }

    private static WriteOutcome Exists(JournalEntry entry)
    {
        var write = entry.Write;
        var header = new RecordHeader(write.Version, write.Index?.State, write.Writer);
        return new WriteOutcome(WriteResult.Exists, header.Prepend(write.Body)) { Durability = Durability.Journal };
    }

    /// <summary>One that the store was asked to take.</summary>
    private sealed record SentBatch(PendingWrite[] Writes, Task<(BatchAnswer Answer, TimeSpan Time)> Answer);

    [LoggerMessage(Level = LogLevel.Error, Message = "Data loss: {Tag} is at {Cursor} in the store, which had confirmed {Confirmed}. It is put back from the journal")]
    private partial void LogDataLoss(string tag, long cursor, long confirmed);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store holds something at {Key} that is not a record of this version. It is left as it is, and what this silo has is not written there. Does another program, or a newer version, use this service id?")]
    private partial void LogForeign(RecordKey key);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Tag}: the store failed in a way that has no name. The journal acknowledges until it was asked again")]
    private partial void LogFailed(Exception exception, string tag);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Tag}: {Count} records were replayed from the journal")]
    private partial void LogReplayed(string tag, long count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Tag}: offline ({Fault}); {Count} writes are acknowledged by the journal")]
    private partial void LogOffline(string tag, StoreFault fault, int count);
}
