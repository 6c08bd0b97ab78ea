using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Tests.Cluster;

/// <summary>A journal whose disk is this process' memory, and fails on demand.</summary>
internal sealed class MemoryJournal(StorageFaults faults) : IJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RecordKey, JournalEntry> _newest = [];
    private readonly Dictionary<string, long> _confirmed = [];
    private readonly MissedWrites _missed = new();
    private long _seq;

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

    public List<(RecordKey Key, byte[] Bytes, string Reason)> Quarantined { get; } = [];

    public JournalTicket Append(RecordWrite write, bool acknowledged = false)
    {
        lock (_lock)
        {
            var seq = ++_seq;
            if (faults.DiskFull)
                return Refuse(new PendingAppend(seq, write, acknowledged, earlier: null));
            if (!_newest.TryGetValue(write.Key, out var kept) || kept.Write.Body is null || (kept.Write.Writer == write.Writer ? write.Version >= kept.Write.Version && !write.CreateOnly : !write.CreateOnly && write.Base >= kept.Write.Version))
                _newest[write.Key] = new JournalEntry(seq, write) { Acknowledged = acknowledged };
            return new JournalTicket(seq, Task.CompletedTask);
        }
    }

    public IReadOnlyList<JournalEntry> Read(string tag, long after, int most)
    {
        lock (_lock)
            return [.. _newest.Values.Where(e => e.Write.Key.Tag == tag && e.Seq > after).OrderBy(e => e.Seq).Take(most)];
    }

    public IReadOnlyList<JournalEntry> ReadUnfinished(string tag, long before, int most)
    {
        lock (_lock)
            return [.. _newest.Values.Where(e => e.Write.Key.Tag == tag && e.Seq < before && e.Write.Index?.State.IsTerminal() != true).OrderByDescending(e => e.Seq).Take(most)];
    }

    public JournalEntry? Find(RecordKey key)
    {
        lock (_lock)
            return _missed.Find(key) ?? (_newest.TryGetValue(key, out var entry) ? entry : null);
    }

    public void Confirm(string tag, long seq)
    {
        lock (_lock)
            _confirmed[tag] = seq;
    }

    public long Confirmed(string tag)
    {
        lock (_lock)
            return _confirmed.GetValueOrDefault(tag);
    }

    public long LastSeqOf(string tag)
    {
        lock (_lock)
            return _newest.Values.Where(e => e.Write.Key.Tag == tag).Select(e => e.Seq).DefaultIfEmpty().Max();
    }

    public Task WhenSettled(long seq) => Task.CompletedTask;

    public void Drop(RecordKey key, long seq)
    {
        lock (_lock)
        {
            if (_newest.TryGetValue(key, out var entry) && entry.Seq == seq)
                _newest.Remove(key);
        }
    }

    public void Quarantine(RecordKey key, byte[] bytes, string reason)
    {
        lock (_lock)
            Quarantined.Add((key, bytes, reason));
    }

    public IReadOnlyList<string> Tags()
    {
        lock (_lock)
            return [.. _newest.Keys.Select(k => k.Tag).Distinct()];
    }

    private JournalTicket Refuse(PendingAppend append)
    {
        append.End(new JournalUnavailableException("the test wants it full"));
        _missed.Add(append);
        return new JournalTicket(new PendingWork(lastSeq: 0, reserved: 0), append);
    }
}
