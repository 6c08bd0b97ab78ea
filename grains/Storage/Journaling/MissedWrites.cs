namespace MorningAI.Storage.Journaling;

/// <summary>
/// What the disk refused. The store may have confirmed it all the same: then it is safe in one place only, and is to be
/// journaled as soon as the disk takes records again.
/// </summary>
internal sealed class MissedWrites
{
    /// <summary>Of records that are remembered, the newest ones: an older one has been with the store for longer.</summary>
    private const long MostBytes = 64 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<(RecordWrite Write, PendingAppend? Append)> _refused = []; // no append: known to be stored
    private long _bytes;

    public void Add(IEnumerable<PendingAppend> refused)
    {
        lock (_lock)
        {
            foreach (var append in refused)
                Add(append.Write, append);
        }
    }

    /// <summary>One that the store has, and that was named before.</summary>
    public void Add(RecordWrite write)
    {
        lock (_lock)
            Add(write, null);
    }

    /// <returns>The newest of each key that the store has confirmed; nothing is remembered afterwards.</returns>
    public IReadOnlyList<RecordWrite> Take()
    {
        lock (_lock)
        {
            if (_refused.Count == 0)
                return [];
            var newest = new Dictionary<RecordKey, RecordWrite>();
            while (_refused.TryDequeue(out var refused))
            {
                var (write, append) = refused;
                if ((append is null || append.IsStored) && !(newest.TryGetValue(write.Key, out var other) && other.Version > write.Version))
                    newest[write.Key] = write;
            }

            _bytes = 0;
            return [.. newest.Values];
        }
    }

    private void Add(RecordWrite write, PendingAppend? append)
    {
        _refused.Enqueue((write, append));
        for (_bytes += SizeOf(write); _bytes > MostBytes;)
            _bytes -= SizeOf(_refused.Dequeue().Write);
    }

    private static long SizeOf(RecordWrite write) => 200 + (write.Body?.Length ?? 0);
}
