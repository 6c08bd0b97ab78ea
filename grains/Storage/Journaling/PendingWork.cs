using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MorningAI.Storage.Journaling;

/// <summary>What has come up since the last commit. Gives out the sequence numbers.</summary>
/// <param name="lastSeq">The last number that may have been given out before.</param>
/// <param name="reserved">The last number that may be given out: a crash must not give one out twice.</param>
internal sealed class PendingWork(long lastSeq, long reserved)
{
    /// <summary>Records that need not wait for others: more at a time cost no less each, and what waits for longer costs the garbage collector more.</summary>
    private const int Enough = 1024;

    /// <summary>Of bodies that wait for a commit, or go into one: large records need not wait for many others.</summary>
    public const long EnoughBytes = 8 << 20;

    private readonly object _lock = new();
    private readonly Dictionary<RecordKey, PendingAppend> _newest = [];
    private readonly Queue<PendingAppend> _appends = [];
    private readonly Queue<(RecordKey Key, long Seq)> _drops = [];
    private readonly HashSet<long> _dropping = [];
    private readonly Queue<QuarantineEntry> _quarantines = [];
    private readonly Queue<(RowId Row, string Reason)> _damaged = [];
    private readonly List<(long Seq, TaskCompletionSource Settled)> _waiters = [];
    private readonly MissedWrites _missed = new();
    private long _lastSeq = lastSeq, _taken = lastSeq, _settled = lastSeq, _reserved = reserved;
    private long _bytes; // of the bodies of those that wait
    private int _enough;
    private bool _idle, _lingering, _tick, _hurry, _closed;

    public long LastSeq
    {
        get
        {
            lock (_lock)
                return _lastSeq;
        }
    }

    /// <summary>What comes up to here is on disk, or was refused.</summary>
    public long Settled => Volatile.Read(ref _settled);

    /// <summary>Keys with a record on its way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _newest.Count;
        }
    }

    /// <exception cref="JournalUnavailableException">The journal is closed, or its disk has refused for so long that no numbers are left.</exception>
    public PendingAppend Append(RecordWrite write, bool acknowledged)
    {
        lock (_lock)
        {
            if (_closed)
                throw new JournalUnavailableException("the journal is closed, as the silo is stopping");
            if (_lastSeq >= _reserved)
                throw new JournalUnavailableException("the journal's disk has refused for so long that no sequence numbers are left");
            ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newest, write.Key, out _);
            newest = new PendingAppend(++_lastSeq, write, acknowledged, newest);
            _appends.Enqueue(newest);
            _bytes += write.Body?.Length ?? 0;
            if (_idle || (_lingering && IsEnough))
                Monitor.Pulse(_lock);
            return newest;
        }
    }

    public void Drop(RecordKey key, long seq)
    {
        lock (_lock)
        {
            _drops.Enqueue((key, seq));
            _dropping.Add(seq);
            Wake();
        }
    }

    public void Quarantine(QuarantineEntry entry)
    {
        lock (_lock)
        {
            _quarantines.Enqueue(entry);
            Wake();
        }
    }

    public void Damaged(RowId row, string reason)
    {
        lock (_lock)
        {
            _damaged.Enqueue((row, reason));
            Wake();
        }
    }

    /// <summary>Time has passed.</summary>
    public void Tick()
    {
        lock (_lock)
        {
            _tick = true;
            Wake();
        }
    }

    public void Reserve(long reserved)
    {
        lock (_lock)
            _reserved = reserved;
    }

    /// <summary>Somebody waits for what is on its way.</summary>
    public void Hurry()
    {
        lock (_lock)
        {
            HurryUp();
        }
    }

    /// <summary>Waits for work, and, while nobody waits for it, a moment for more that can go into the same commit.</summary>
    /// <param name="linger">The longest such moment.</param>
    /// <param name="most">The most that one commit takes.</param>
    /// <returns>False when closed and everything is taken.</returns>
    public bool Wait(TimeSpan linger, int most)
    {
        lock (_lock)
        {
            while (!HasWork() && !_closed)
            {
                _idle = true;
                Monitor.Wait(_lock);
                _idle = false;
            }

            _enough = Math.Min(most, Enough);
            var start = Stopwatch.GetTimestamp();
            while (!_hurry && !_closed && !IsEnough && linger - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } left)
            {
                // Not woken for each of those that come: they are what it waits for.
                _lingering = true;
                Monitor.Wait(_lock, left);
                _lingering = false;
            }

            return HasWork();
        }
    }

    public void Take(JournalWork work, int most)
    {
        lock (_lock)
        {
            long bytes = 0;
            while (work.Appends.Count < most && bytes < EnoughBytes && _appends.TryDequeue(out var append))
            {
                work.Appends.Add(append);
                bytes += append.Write.Body?.Length ?? 0;
            }

            _bytes -= bytes;
            _hurry &= _appends.Count > 0; // or else whoever waits for what is left would wait for others, too
            if (work.Appends.Count > 0)
                _taken = work.Appends[^1].Seq;
            // What is to be dropped must be in the file first.
            while (_drops.TryPeek(out var drop) && drop.Seq <= _taken)
                work.Drops.Add(_drops.Dequeue());
            while (_quarantines.TryDequeue(out var quarantine))
                work.Quarantines.Add(quarantine);
            while (_damaged.TryDequeue(out var damaged))
                work.Damaged.Add(damaged);
            work.Tick |= _tick;
            _tick = false;
        }
    }

    /// <summary>They are in the file, or refused: the file answers for their keys from when anybody hears of it.</summary>
    /// <param name="refusal">Null where they are in the file.</param>
    public void Settle(List<PendingAppend> appends, JournalUnavailableException? refusal)
    {
        if (appends.Count == 0)
            return;
        lock (_lock)
        {
            foreach (var append in appends)
            {
                if (_newest.TryGetValue(append.Write.Key, out var newest) && newest == append)
                    _newest.Remove(append.Write.Key);
                append.Earlier = null;
                if (refusal is not null)
                    _missed.Add(append);
            }

            Volatile.Write(ref _settled, appends[^1].Seq);
            foreach (var append in appends)
                append.End(refusal);
            foreach (var (_, settled) in _waiters.Where(w => w.Seq <= _settled))
                settled.SetResult();
            _waiters.RemoveAll(w => w.Seq <= _settled);
        }
    }

    /// <summary>The file has them no more.</summary>
    public void Dropped(List<(RecordKey Key, long Seq)> drops)
    {
        if (drops.Count == 0)
            return;
        lock (_lock)
        {
            foreach (var (_, seq) in drops)
                _dropping.Remove(seq);
        }
    }

    public Task WhenSettled(long seq)
    {
        lock (_lock)
        {
            seq = Math.Min(seq, _lastSeq);
            if (seq <= _settled)
                return Task.CompletedTask;
            HurryUp();
            var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((seq, settled));
            return settled.Task;
        }
    }

    /// <returns>The key's records that are on their way, newest first; the last may be one that the disk refused and the store has.</returns>
    /// <param name="dropped">What the file may still have and the store has refused; null for nothing.</param>
    public List<JournalEntry> Find(RecordKey key, out HashSet<long>? dropped)
    {
        lock (_lock)
        {
            dropped = _dropping.Count == 0 ? null : [.. _dropping];
            var found = new List<JournalEntry>();
            for (var at = _newest.GetValueOrDefault(key); at is not null; at = at.Earlier)
            {
                if (at.Seq > _settled && !_dropping.Contains(at.Seq))
                    found.Add(new JournalEntry(at.Seq, at.Write) { Acknowledged = at.IsAcknowledged });
            }

            if (_missed.Find(key) is { } missed)
                found.Add(missed);
            return found;
        }
    }

    /// <inheritdoc cref="MissedWrites.Take"/>
    public IReadOnlyList<PendingAppend> TakeMissed()
    {
        lock (_lock)
            return _missed.Take();
    }

    /// <summary>What was missed has been journaled anew, or is to be tried once more.</summary>
    public void Journaled(PendingAppend missed, bool isMissedAgain)
    {
        lock (_lock)
        {
            _missed.Written(missed);
            if (isMissedAgain)
                _missed.Add(missed);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }

    private bool IsEnough => _appends.Count >= _enough || _bytes >= EnoughBytes;

    private bool HasWork() => _appends.Count > 0 || _tick || _quarantines.Count > 0 || _damaged.Count > 0 || (_drops.TryPeek(out var drop) && drop.Seq <= _taken);

    private void HurryUp()
    {
        _hurry = true;
        if (_idle || _lingering)
            Monitor.Pulse(_lock);
    }

    private void Wake()
    {
        if (_idle)
            Monitor.Pulse(_lock);
    }
}
