namespace MorningAI.Storage.Journaling;

/// <summary>
/// What the disk refused. The store may have confirmed it all the same: then it is safe in one place only, and is to be
/// journaled as soon as the disk takes records again.
/// </summary>
internal sealed class MissedWrites
{
    /// <summary>Of records that are remembered, the newest ones: an older one has been with the store for longer.</summary>
    private const long MostBytes = 64 << 20;

    private readonly Queue<PendingAppend> _refused = [];
    private long _bytes;

    public void Add(IEnumerable<PendingAppend> refused)
    {
        foreach (var append in refused)
        {
            _refused.Enqueue(append);
            _bytes += SizeOf(append);
        }

        while (_bytes > MostBytes)
            _bytes -= SizeOf(_refused.Dequeue());
    }

    /// <returns>The newest of each key that the store has confirmed; nothing is remembered afterwards.</returns>
    public IReadOnlyList<RecordWrite> Take()
    {
        if (_refused.Count == 0)
            return [];
        var newest = new Dictionary<RecordKey, RecordWrite>();
        while (_refused.TryDequeue(out var append))
        {
            if (append.IsStored)
                newest[append.Write.Key] = append.Write;
        }

        _bytes = 0;
        return [.. newest.Values];
    }

    private static long SizeOf(PendingAppend append) => 200 + (append.Write.Body?.Length ?? 0);
}
