namespace MorningAI.Storage;

/// <summary>Records that may wait a moment for a newer version of themselves. The newest of a key wins; one that is never asked for is never made.</summary>
internal sealed class WriteBehindBuffer
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RecordKey, Func<RecordWrite>> _held = [];

    /// <param name="record">Makes it. Called under a lock, once or not at all; it is kept then.</param>
    public void Put(RecordKey key, Func<RecordWrite> record)
    {
        lock (_lock)
            _held[key] = record;
    }

    public RecordWrite? Find(RecordKey key)
    {
        lock (_lock)
        {
            if (!_held.TryGetValue(key, out var make))
                return null;
            var record = make();
            _held[key] = () => record;
            return record;
        }
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
    /// <param name="failed">Is told of a record that could not be made: at a silo's end its serializer may be gone. The others are written.</param>
    public void WriteAll(Action<RecordWrite> write, Action<RecordKey, Exception> failed)
    {
        lock (_lock)
        {
            foreach (var (key, make) in _held)
            {
                try
                {
                    write(make());
                }
                catch (Exception e)
                {
                    failed(key, e);
                }
            }

            _held.Clear();
        }
    }
}
