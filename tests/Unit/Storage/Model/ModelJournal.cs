using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Storage.Model;

/// <summary>
/// A journal in memory, by the rules of the real one: what nobody waits for is read a while after it was appended. It survives
/// the silo that writes it.
/// </summary>
internal sealed class ModelJournal : IJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RecordKey, JournalEntry> _newest = [];
    private readonly List<JournalEntry> _dropped = []; // since the last commit
    private long _seq, _last, _confirmed, _committed, _settled;

    public Guid Id { get; } = Guid.NewGuid();

    public long LastNumber
    {
        get
        {
            lock (_lock)
                return _seq;
        }
    }

    public bool Vouches => true;

    public bool DiskFull { get; set; }

    /// <summary>The numbers that would outlive the silo without a commit.</summary>
    public List<long> Secured { get; } = [];

    public JournalTicket Append(RecordWrite write, bool acknowledged = false)
    {
        lock (_lock)
        {
            var seq = ++_seq;
            if (DiskFull)
                return new JournalTicket(seq, Task.FromException(new JournalUnavailableException("it is full")));
            _last = seq;
            Put(new JournalEntry(seq, write) { Acknowledged = acknowledged });
            if (acknowledged)
                _settled = seq;
            return new JournalTicket(seq, Task.CompletedTask);
        }
    }

    public void Secure(IReadOnlyList<JournalEntry> entries)
    {
        lock (_lock)
            Secured.AddRange(entries.Select(e => e.Seq));
    }

    public IReadOnlyList<JournalEntry> Read(string tag, long after, int most)
    {
        lock (_lock)
            return [.. _newest.Values.Where(e => e.Seq > after && e.Seq <= _settled).OrderBy(e => e.Seq).Take(most)];
    }

    public IReadOnlyList<JournalEntry> ReadUnfinished(string tag, long before, int most)
    {
        lock (_lock)
            return [.. _newest.Values.Where(e => e.Seq < before && e.Seq <= _settled && e.Write.Index?.State.IsTerminal() != true).OrderByDescending(e => e.Seq).Take(most)];
    }

    public JournalEntry? Find(RecordKey key)
    {
        lock (_lock)
            return _newest.TryGetValue(key, out var entry) ? entry : null;
    }

    public void Confirm(string tag, long seq)
    {
        lock (_lock)
            _confirmed = seq;
    }

    public long Confirmed(string tag) => _confirmed;

    public long LastSeqOf(string tag)
    {
        lock (_lock)
            return _newest.Values.Select(e => e.Seq).Where(seq => seq <= _settled).DefaultIfEmpty().Max();
    }

    public Task WhenSettled(long seq)
    {
        lock (_lock)
            _settled = Math.Max(_settled, Math.Min(seq, _seq));
        return Task.CompletedTask;
    }

    public void Drop(RecordKey key, long seq)
    {
        lock (_lock)
        {
            if (_newest.TryGetValue(key, out var entry) && entry.Seq == seq && _newest.Remove(key))
                _dropped.Add(entry);
        }
    }

    /// <summary>What was appended, confirmed and dropped is on disk.</summary>
    public void Commit()
    {
        lock (_lock)
        {
            _dropped.Clear();
            _committed = _confirmed;
            _settled = _seq;
        }
    }

    /// <summary>The silo is killed. Its records are on disk; what was said of them since the last commit is not.</summary>
    public void Crash()
    {
        lock (_lock)
        {
            _confirmed = _committed;
            _settled = _seq;
            foreach (var entry in _dropped)
                Put(entry);
            _dropped.Clear();
        }
    }

    private void Put(JournalEntry entry)
    {
        if (!_newest.TryGetValue(entry.Write.Key, out var kept) || (entry.Seq > kept.Seq ? Replaces(kept.Write, entry.Write) : !Replaces(entry.Write, kept.Write)))
            _newest[entry.Write.Key] = entry;
    }

    private static bool Replaces(RecordWrite kept, RecordWrite next) =>
        !next.CreateOnly && (kept.Writer == next.Writer ? next.Version >= kept.Version : next.Base >= kept.Version);

    public void Quarantine(RecordKey key, byte[] bytes, string reason) => throw new NotSupportedException();

    public IReadOnlyList<string> Tags() => _newest.Count == 0 ? [] : [ModelSilo.Tag];
}
