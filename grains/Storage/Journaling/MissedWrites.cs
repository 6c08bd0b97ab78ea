namespace MorningAI.Storage.Journaling;

/// <summary>
/// What the disk refused. The store may have confirmed it all the same: then it is safe in one place only, and is to be
/// journaled as soon as the disk takes records again. Until it is, it can be found here: the journal has what was before it.
/// </summary>
/// <remarks>Whoever owns it lets one at a time in.</remarks>
internal sealed class MissedWrites
{
    /// <summary>Of records that are remembered, the newest ones: an older one has been with the store for longer.</summary>
    private const long MostBytes = 64 << 20;

    private readonly Queue<PendingAppend> _refused = [];
    private readonly Dictionary<RecordKey, List<PendingAppend>> _ofKeys = [];
    private readonly Dictionary<RecordKey, PendingAppend> _taken = []; // and not yet written again
    private long _bytes;

    public void Add(PendingAppend refused)
    {
        _refused.Enqueue(refused);
        if (!_ofKeys.TryGetValue(refused.Write.Key, out var ofKey))
            _ofKeys[refused.Write.Key] = ofKey = [];
        ofKey.Add(refused);
        for (_bytes += SizeOf(refused); _bytes > MostBytes;)
            Forget(_refused.Dequeue());
    }

    /// <returns>The newest of the key that the store has confirmed; null for none.</returns>
    public JournalEntry? Find(RecordKey key)
    {
        var newest = _taken.GetValueOrDefault(key);
        if (_ofKeys.TryGetValue(key, out var refused))
            newest = NewestStored(newest is null ? refused : refused.Append(newest));
        return newest is null ? null : new JournalEntry(newest.Seq, newest.Write) { Acknowledged = true };
    }

    /// <returns>The newest of each key that the store has confirmed; it can be found until it is <see cref="Written"/>, and the rest is forgotten.</returns>
    public IReadOnlyList<PendingAppend> Take()
    {
        if (_refused.Count == 0)
            return [];
        PendingAppend[] newest = [.. _ofKeys.Values.Select(NewestStored).OfType<PendingAppend>()];
        foreach (var append in newest)
            _taken[append.Write.Key] = append;
        _refused.Clear();
        _ofKeys.Clear();
        _bytes = 0;
        return newest;
    }

    /// <summary>What was taken has a later number now: on disk, on its way there, or refused once more.</summary>
    public void Written(PendingAppend taken)
    {
        if (_taken.GetValueOrDefault(taken.Write.Key) == taken)
            _taken.Remove(taken.Write.Key);
    }

    private void Forget(PendingAppend oldest)
    {
        _bytes -= SizeOf(oldest);
        var ofKey = _ofKeys[oldest.Write.Key];
        ofKey.Remove(oldest);
        if (ofKey.Count == 0)
            _ofKeys.Remove(oldest.Write.Key);
    }

    private static PendingAppend? NewestStored(IEnumerable<PendingAppend> ofKey) => ofKey.Where(static a => a.IsStored).MaxBy(static a => a.Seq);

    private static long SizeOf(PendingAppend append) => 200 + (append.Write.Body?.Length ?? 0);
}
