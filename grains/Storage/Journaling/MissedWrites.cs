namespace MorningAI.Storage.Journaling;

/// <summary>
/// What the disk refused. The store may have confirmed it all the same: then it is safe in one place only, and is to be
/// journaled as soon as the disk takes records again. Until it is, it can be found here: the journal has what was before it.
/// </summary>
internal sealed class MissedWrites
{
    /// <summary>Of records that are remembered, the newest ones: an older one has been with the store for longer.</summary>
    private const long MostBytes = 64 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<Refused> _refused = [];
    private readonly Dictionary<RecordKey, List<Refused>> _ofKeys = [];
    private readonly Dictionary<RecordKey, RecordWrite> _named = []; // and not yet written again
    private long _bytes;

    public void Add(IEnumerable<PendingAppend> refused)
    {
        lock (_lock)
        {
            foreach (var append in refused)
                Add(new Refused(append.Write, append));
        }
    }

    /// <summary>One that the store has, and that was named before.</summary>
    public void Add(RecordWrite write)
    {
        lock (_lock)
            Add(new Refused(write, null));
    }

    /// <summary>The newest of a key that the store has confirmed; null for none.</summary>
    public RecordWrite? Find(RecordKey key)
    {
        lock (_lock)
        {
            var found = _named.GetValueOrDefault(key);
            if (_ofKeys.TryGetValue(key, out var refused))
                found = refused.Where(static r => r.IsStored).Select(static r => r.Write).Append(found).MaxBy(static w => w?.Version ?? 0);
            return found;
        }
    }

    /// <returns>The newest of each key that the store has confirmed; it can be found until it is <see cref="Written"/>, and the rest is forgotten.</returns>
    public IReadOnlyList<RecordWrite> Take()
    {
        lock (_lock)
        {
            if (_refused.Count == 0)
                return [];
            RecordWrite[] newest = [.. _ofKeys.Values.Select(static k => k.Where(static r => r.IsStored).MaxBy(static r => r.Write.Version)?.Write).OfType<RecordWrite>()];
            foreach (var write in newest)
                _named[write.Key] = write;
            _refused.Clear();
            _ofKeys.Clear();
            _bytes = 0;
            return newest;
        }
    }

    /// <summary>It is in the journal, or was missed once more.</summary>
    public void Written(IEnumerable<RecordWrite> named)
    {
        lock (_lock)
        {
            foreach (var write in named)
            {
                if (_named.GetValueOrDefault(write.Key) == write)
                    _named.Remove(write.Key);
            }
        }
    }

    private void Add(Refused refused)
    {
        _refused.Enqueue(refused);
        if (!_ofKeys.TryGetValue(refused.Write.Key, out var ofKey))
            _ofKeys[refused.Write.Key] = ofKey = [];
        ofKey.Add(refused);
        for (_bytes += SizeOf(refused.Write); _bytes > MostBytes;)
            Forget(_refused.Dequeue());
    }

    private void Forget(Refused oldest)
    {
        _bytes -= SizeOf(oldest.Write);
        var ofKey = _ofKeys[oldest.Write.Key];
        ofKey.Remove(oldest);
        if (ofKey.Count == 0)
            _ofKeys.Remove(oldest.Write.Key);
    }

    private static long SizeOf(RecordWrite write) => 200 + (write.Body?.Length ?? 0);

    /// <param name="append">Null where it is known to be stored.</param>
    private sealed class Refused(RecordWrite write, PendingAppend? append)
    {
        public RecordWrite Write => write;

        public bool IsStored => append is null || append.IsStored;
    }
}
