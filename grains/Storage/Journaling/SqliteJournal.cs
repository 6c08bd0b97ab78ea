using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MorningAI.Storage.Journaling;

/// <summary>
/// The journal in a file of SQLite, in write-ahead mode. Appends are taken at once and brought to disk by one thread, all
/// that is pending in one commit. Of records that are in the file only their place is kept in memory.
/// </summary>
internal sealed class SqliteJournal : IJournal, IJournalGauge, IDisposable
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StatsAge = TimeSpan.FromSeconds(1);

    private readonly JournalFiles _files;
    private readonly FileStream _lock;
    private readonly JournalTags _tags;
    private readonly JournalIndex _index;
    private readonly PendingWork _pending;
    private readonly JournalTail _tail;
    private readonly JournalWriter _writer;
    private readonly JournalReaders _readers;
    private readonly TimeProvider _time;
    private readonly Func<bool> _isStoreSound;
    private readonly ITimer _timer;
    private readonly Lock _clock = new();
    private TimeSpan _elapsed;
    private long _lastTick;
    private (long At, JournalStats Stats)? _stats;
    private int _disposed;

    private SqliteJournal(JournalFiles files, FileStream fileLock, OpenJournal opened, JournalOptions options, Func<bool> isStoreSound, TimeProvider time, ILogger logger)
    {
        _files = files;
        _lock = fileLock;
        _tags = opened.Tags;
        _index = opened.Index;
        _time = time;
        _isStoreSound = isStoreSound;
        Id = opened.Id;
        _pending = new PendingWork(opened.LastSeq, opened.Reserved);
        _tail = new JournalTail(files, Id, logger);
        _writer = new JournalWriter(opened, files.Database, _pending, _tail, options, time, logger);
        _readers = new JournalReaders(files.Database);
        _lastTick = time.GetTimestamp();
        var period = options.Window / 16 < LongestTick ? options.Window / 16 : LongestTick;
        _timer = time.CreateTimer(_ => Tick(), null, period, period);
    }

    public event Func<RecordWrite, Task>? TakesAgain
    {
        add => _writer.TakesAgain += value;
        remove => _writer.TakesAgain -= value;
    }

    public Guid Id { get; }

    public long LastNumber => _pending.LastSeq;

    public bool Vouches => true;

    /// <summary>Opens a journal, or makes it where there is none.</summary>
    /// <param name="isStoreSound">Whether the store has what it confirmed, as far as is known. While not, no window elapses.</param>
    /// <exception cref="JournalException">It is another's or in use; the message says what to do, and the file is as it was.</exception>
    public static SqliteJournal Open(string path, JournalIdentity identity, JournalOptions options, Func<bool> isStoreSound, TimeProvider time, ILogger logger)
    {
        var files = new JournalFiles(path);
        var fileLock = Lock(files);
        try
        {
            return new SqliteJournal(files, fileLock, new JournalOpening(files, identity, options, time, logger).Open(), options, isStoreSound, time, logger);
        }
        catch
        {
            fileLock.Dispose();
            throw;
        }
    }

    public JournalTicket Append(RecordWrite write, bool acknowledged = false)
    {
        _tags.Check(write.Key.Tag);
        return new(_pending, _pending.Append(write, acknowledged));
    }

    public void Secure(IReadOnlyList<JournalEntry> entries) => _tail.Write(entries, _pending.Settled);

    public IReadOnlyList<JournalEntry> Read(string tag, long after, int most) =>
        _tags.Find(tag) is { } known ? Use(r => r.Read(known, after, most, _pending.Damaged)) : [];

    public IReadOnlyList<JournalEntry> ReadUnfinished(string tag, long before, int most) =>
        _tags.Find(tag) is { } known ? Use(r => r.ReadUnfinished(known, before, most, _pending.Damaged)) : [];

    public JournalEntry? Find(RecordKey key)
    {
        var bytes = JournalKey.Encode(key);
        while (true)
        {
            // Before the file: what is committed in between is then seen twice, not missed.
            var pending = _pending.Find(key, out var dropped);
            if (_tags.Find(key.Tag) is not { } tag)
                return RecordPrecedence.Newest(pending.OrderBy(e => e.Seq), confirmed: 0);
            if (FindKept(tag, bytes) is not { } kept)
                continue; // a commit has replaced or dropped it just now
            if (dropped is not null)
                kept.RemoveAll(e => dropped.Contains(e.Seq));
            if (pending.Count == 0)
                return kept.Count == 1 ? kept[0] : RecordPrecedence.Newest(kept, tag.Confirmed);
            return RecordPrecedence.Newest(kept.UnionBy(pending, e => e.Seq).OrderBy(e => e.Seq), tag.Confirmed);
        }
    }

    public void Confirm(string tag, long seq) => _tags.Confirm(tag, seq);

    public long Confirmed(string tag) => _tags.Find(tag)?.Confirmed ?? 0;

    public long LastSeqOf(string tag) => _tags.Find(tag) is { } known ? Use(r => r.LastSeq(known)) : 0;

    public Task WhenSettled(long seq) => _pending.WhenSettled(seq);

    public void Drop(RecordKey key, long seq) => _pending.Drop(key, seq);

    public void Quarantine(RecordKey key, byte[] bytes, string reason) => _pending.Quarantine(new QuarantineEntry(_time.GetUtcNow(), key.ToString(), reason, bytes));

    public IReadOnlyList<string> Tags() => [.. _tags.All.Where(t => Use(r => r.LastSeq(t)) > 0).Select(t => t.Name)];

    public JournalStats Stats()
    {
        if (_stats is { } last && _time.GetElapsedTime(last.At) < StatsAge)
            return last.Stats with { Activity = _writer.Activity };
        var (waiting, oldest) = Use(r => r.Waiting(_tags.All));
        var stats = new JournalStats
        {
            Records = _writer.Records,
            Waiting = waiting,
            OldestWaiting = oldest is { } at ? _time.GetUtcNow() - at : null,
            FileBytes = _files.FileBytes,
            WalBytes = _files.WalBytes,
            Quarantined = _writer.Quarantined,
            SetAside = _files.AsideNames(),
            Activity = _writer.Activity,
        };
        _stats = (_time.GetTimestamp(), stats);
        return stats;
    }

    /// <summary>Returns once everything appended is on disk or refused.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _timer.Dispose();
        _readers.Dispose();
        _writer.Dispose();
        _lock.Dispose();
    }

    private static FileStream Lock(JournalFiles files)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(files.Database)!);
            return new FileStream(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(files.Lock))
        {
            throw new JournalException($"The journal {files.Database} is in use by another process. Stop that one, or give this silo a folder of its own with --data.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The journal {files.Database} cannot be written ({e.Message.TrimEnd('.')}). Choose another folder with --data, or mend its permissions.", e);
        }
    }

    /// <returns>Null where the file has changed while it was looked at.</returns>
    private List<JournalEntry>? FindKept(JournalTag tag, byte[] key)
    {
        var rows = new List<RowId>(1);
        _index.Find(_index.HashOf(key), tag.Id, rows);
        return rows.Count == 0 ? [] : Use(r => r.Find(tag, key, rows, _pending.Damaged));
    }

    private T Use<T>(Func<JournalReader, T> read)
    {
        try
        {
            return _readers.Use(read);
        }
        catch (SqliteException e)
        {
            throw new JournalUnavailableException(e.Describe(), e);
        }
    }

    private void Tick()
    {
        lock (_clock)
        {
            var now = _time.GetTimestamp();
            if (_isStoreSound())
                _elapsed += _time.GetElapsedTime(_lastTick, now);
            _lastTick = now;
            _tags.Pass(_elapsed);
        }

        _pending.Tick();
    }
}
