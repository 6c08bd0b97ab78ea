namespace MorningAI.Storage.Journaling;

/// <summary>A journal that is switched off: it keeps nothing and vouches for nothing, so the store alone acknowledges.</summary>
internal sealed class NoJournal : IJournal, IJournalGauge
{
    private static readonly Task Refusal = Refuse();

    private long _seq;

    public Guid Id { get; } = Guid.NewGuid();

    public long LastNumber => Volatile.Read(ref _seq);

    public bool Vouches => false;

    public JournalTicket Append(RecordWrite write, bool acknowledged = false) => new(Interlocked.Increment(ref _seq), Refusal);

    public IReadOnlyList<JournalEntry> Read(string tag, long after, int most) => [];

    public IReadOnlyList<JournalEntry> ReadUnfinished(string tag, long before, int most) => [];

    public JournalEntry? Find(RecordKey key) => null;

    public void Confirm(string tag, long seq)
    {
    }

    public long Confirmed(string tag) => 0;

    public long LastSeqOf(string tag) => 0;

    public Task WhenSettled(long seq) => Task.CompletedTask;

    public void Drop(RecordKey key, long seq)
    {
    }

    public void Quarantine(RecordKey key, byte[] bytes, string reason)
    {
    }

    public IReadOnlyList<string> Tags() => [];

    public JournalStats Stats() => new() { Records = 0, Waiting = 0, OldestWaiting = null, FileBytes = 0, WalBytes = 0, Quarantined = 0, SetAside = [] };

    private static Task Refuse()
    {
        var refusal = Task.FromException(new JournalUnavailableException("the journal is switched off (MorningAI:Journal:Enabled)"));
        _ = refusal.Exception; // nobody need look at it
        return refusal;
    }
}
