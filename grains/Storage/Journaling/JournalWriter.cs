using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MorningAI.Storage.Journaling;

/// <summary>The one thread that writes: takes what is pending, and brings it to disk in one commit.</summary>
internal sealed partial class JournalWriter : IDisposable
{
    /// <summary>Numbers are reserved in the file so many at a time: 80 minutes of a disk that refuses, at 20,000 a second.</summary>
    public const long Block = 100_000_000;

    /// <summary>Rows looked at in a commit, at least: some 50 microseconds where none is finished.</summary>
    private const int LeastCompaction = 512;

    private readonly JournalDatabase _database;
    private readonly PendingWork _pending;
    private readonly JournalTail _tail;
    private readonly JournalTags _tags;
    private readonly JournalTable _table;
    private readonly JournalCompactor _compactor;
    private readonly JournalCheckpointer _checkpointer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly int _maxBatch;
    private readonly TimeSpan _linger;
    private readonly JournalWork _work = new();
    private readonly Thread _thread;
    private long _reserved, _records, _quarantined, _commits, _committed, _lastCommit;
    private bool _more, _shrinking;
    private volatile string? _refusal;

    public JournalWriter(OpenJournal opened, string path, PendingWork pending, JournalTail tail, JournalOptions options, TimeProvider time, ILogger logger)
    {
        _database = opened.Database;
        _tags = opened.Tags;
        _pending = pending;
        _tail = tail;
        _reserved = opened.Reserved;
        _records = opened.Records;
        _quarantined = opened.Quarantined;
        _maxBatch = options.MaxBatch;
        _linger = options.Linger;
        _time = time;
        _logger = logger;
        _table = new JournalTable(_database, _tags, opened.Index);
        _compactor = new JournalCompactor(_database, _table, _tags, opened.Seconds);
        _checkpointer = new JournalCheckpointer(path, _database, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    /// <inheritdoc cref="IJournal.TakesAgain"/>
    public event Func<RecordWrite, Task>? TakesAgain;

    public long Records => Interlocked.Read(ref _records);

    public long Quarantined => Interlocked.Read(ref _quarantined);

    public JournalActivity Activity => new(_pending.Count, Interlocked.Read(ref _commits), Interlocked.Read(ref _committed), TimeSpan.FromTicks(Interlocked.Read(ref _lastCommit)), _refusal);

    /// <summary>Ends once everything pending is on disk or refused, and the file is in order.</summary>
    public void Dispose()
    {
        _pending.Close();
        _thread.Join();
        _checkpointer.Dispose();
        try
        {
            _tags.Settle();
            _database.InTransaction(() =>
            {
                SaveConfirmed();
                _database.SetMeta(JournalSchema.Meta.Last, _pending.LastSeq.ToString(CultureInfo.InvariantCulture));
            });
            _database.Checkpoint(truncate: true);
        }
        catch (SqliteException e)
        {
            LogNotClosed(e.Describe());
        }

        _compactor.Dispose();
        _table.Dispose();
        _database.Dispose();
        _tail.Dispose();
    }

    private void Run()
    {
        while (_more || _pending.Wait(_linger, _maxBatch))
        {
            // In this order: what is dropped because of a confirmation was dropped before it.
            _tags.Settle();
            _pending.Take(_work, _maxBatch);
            var refusal = Write();
            if (refusal is null)
                Tidy();
            _pending.Settle(_work.Appends, refusal);
            if (refusal is not null)
            {
                _work.Appends.Clear(); // the rest is tried again with whatever comes next
                continue;
            }

            _pending.Dropped(_work.Drops);
            _work.Clear();
            if (_pending.TakeMissed() is { Count: > 0 } missed)
                _ = Task.Run(() => WriteAgain(missed));
        }
    }

    private async Task WriteAgain(IReadOnlyList<PendingAppend> missed)
    {
        LogWritesAgain(missed.Count);
        var faults = (await Task.WhenAll(missed.Select(WriteAgain)).ConfigureAwait(false)).OfType<Exception>().ToList();
        if (faults.Count > 0)
            LogMissedAgain(faults.Count, faults[0].Message);
    }

    /// <summary>Whoever listens appends. Until it has, it is where it was before: with the store, and in memory.</summary>
    /// <returns>Why it could not be written; null where it is.</returns>
    private async Task<Exception?> WriteAgain(PendingAppend missed)
    {
        Exception? fault = null;
        try
        {
            if (TakesAgain is { } again)
                await again(missed.Write).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            fault = e;
        }

        _pending.Journaled(missed, isMissedAgain: fault is not null);
        return fault;
    }

    private JournalUnavailableException? Write()
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            _table.Begin();
            var reserved = Reserve();
            var (rows, quarantined) = Apply();
            _table.Commit();
            _compactor.Commit();
            Interlocked.Add(ref _records, rows);
            Interlocked.Add(ref _quarantined, quarantined);
            _reserved = reserved;
            _pending.Reserve(reserved);
            if (_work.Appends.Count > 0)
                Count(start);
            _more = _compactor.HasMore;
            if (_refusal is not null)
                LogAccepts();
            _refusal = null;
            return null;
        }
        catch (Exception e)
        {
            _more = _shrinking = false;
            return Refuse(e);
        }
    }

    private long Reserve()
    {
        if (_reserved - _pending.LastSeq > Block / 2)
            return _reserved;
        var reserved = _reserved + Block;
        _database.SetMeta(JournalSchema.Meta.Reserved, reserved.ToString(CultureInfo.InvariantCulture));
        return reserved;
    }

    private (int Rows, int Quarantined) Apply()
    {
        var now = _time.GetUtcNow();
        var firstNew = _work.Appends.Count > 0 ? _work.Appends[0].Seq : long.MaxValue;
        // First: what the store refused must not pass for confirmed below, and take the record with it that counts.
        var rows = -Drop(seq => seq < firstNew);
        // Then: a record that the store confirmed ends those before it, also where it is replaced now by one not confirmed.
        rows -= _compactor.Step(Math.Max(LeastCompaction, _work.Appends.Count));
        var quarantined = _work.Quarantines.Count;
        if (_work.Appends.Count > 0)
            _table.SaveCommitted(_work.Appends[^1].Seq);
        foreach (var append in _work.Appends)
        {
            if (append.IsStored)
                append.Supersede();
        }

        foreach (var append in _work.Appends)
        {
            if (append.IsObsolete)
                continue;
            rows += _table.Put(append, now.ToUnixTimeMilliseconds(), out var second);
            if (second is not null)
                _compactor.Note(second);
        }

        rows -= Drop(seq => seq >= firstNew);
        foreach (var entry in _work.Quarantines)
            _table.Quarantine(entry);
        foreach (var (row, reason) in _work.Damaged)
        {
            var gone = _table.Quarantine(row, reason, now);
            rows -= gone;
            quarantined += gone;
        }

        if (_work.Tick)
            SaveConfirmed();
        return (rows, quarantined);
    }

    private int Drop(Predicate<long> which)
    {
        var gone = 0;
        foreach (var (key, seq) in _work.Drops)
        {
            if (which(seq))
                gone += _table.Drop(key, seq);
        }

        return gone;
    }

    /// <summary>What is on disk stays so, whatever goes wrong here.</summary>
    private void Tidy()
    {
        try
        {
            _checkpointer.Committed();
            _shrinking = !_more && (_work.Tick || _shrinking) && _compactor.Shrink();
            _more |= _shrinking;
        }
        catch (SqliteException e)
        {
            _shrinking = false;
            LogNotTidied(e.Describe());
        }
    }

    private void SaveConfirmed()
    {
        foreach (var tag in _tags.All)
        {
            if (tag.Saved != tag.Settled)
                _table.Save(tag);
        }
    }

    private void Count(long start)
    {
        Interlocked.Increment(ref _commits);
        Interlocked.Add(ref _committed, _work.Appends.Count);
        Interlocked.Exchange(ref _lastCommit, Stopwatch.GetElapsedTime(start).Ticks);
    }

    private JournalUnavailableException Refuse(Exception e)
    {
        var reason = e is SqliteException sqlite ? sqlite.Describe() : $"the journal failed: {e.Message}";
        if (_refusal != reason)
            LogRefuses(e, reason, _work.Appends.Count);
        _refusal = reason;
        try
        {
            _table.Rollback();
            _compactor.Rollback();
        }
        catch (SqliteException again)
        {
            LogRefuses(again, again.Describe(), _work.Appends.Count);
        }

        var isGone = _work.Appends.Count == 0 || _tail.Discard(_work.Appends[^1].Seq);
        return new JournalUnavailableException(reason, e) { MayComeBack = !isGone };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal refuses: {Reason}. {Count} records are not on disk")]
    private partial void LogRefuses(Exception exception, string reason, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal's file could not be tidied: {Reason}")]
    private partial void LogNotTidied(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal takes records again")]
    private partial void LogAccepts();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} records that the store confirmed while the journal's disk refused them are journaled now")]
    private partial void LogWritesAgain(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} of them could not be journaled ({Reason}), and are tried again")]
    private partial void LogMissedAgain(int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal could not be closed in order: {Reason}. Nothing that was acknowledged is lost by that")]
    private partial void LogNotClosed(string reason);
}
