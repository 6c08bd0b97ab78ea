namespace MorningAI.Storage;

/// <summary>Records that may wait a moment for a newer version of themselves. The newest of a key wins.</summary>
internal sealed class WriteBehindBuffer
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RecordKey, RecordWrite> _held = [];

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

    /// <summary>
    /// Writes what is held, and holds it no longer. Until that is done nobody may write a newer version: the older one would
    /// come after it, and be the last word of the journal.
    /// </summary>
    /// <param name="write">Gives the record its place in the order of writes before it returns.</param>
    public void WriteAll(Action<RecordWrite> write)
    {
        lock (_lock)
        {
            foreach (var record in _held.Values)
                write(record);
            _held.Clear();
        }
    }
}
