namespace MorningAI.Storage;

/// <summary>Records that may wait a moment for a newer version of themselves. The newest of a key wins.</summary>
internal sealed class WriteBehindBuffer
{
    private readonly Lock _lock = new();
    private Dictionary<RecordKey, RecordWrite> _held = [];

    public void Put(RecordWrite record)
    {
        lock (_lock)
            _held[record.Key] = record;
    }

    public RecordWrite? Find(RecordKey key)
    {
        lock (_lock)
            return _held.GetValueOrDefault(key);
    }

    /// <summary>A newer version is about to be written: the held one is not needed.</summary>
    public void Supersede(RecordKey key)
    {
        lock (_lock)
        {
            if (_held.Count > 0)
                _held.Remove(key);
        }
    }

    public IReadOnlyCollection<RecordWrite> TakeAll()
    {
        lock (_lock)
        {
            if (_held.Count == 0)
                return [];
            var taken = _held;
            _held = [];
            return taken.Values;
        }
    }
}
