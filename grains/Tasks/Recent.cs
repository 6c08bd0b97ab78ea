namespace MorningAI.Tasks;

/// <summary>What was added lately: for as long as <paramref name="keep"/>, and up to twice that.</summary>
internal sealed class Recent<T>(TimeSpan keep, TimeProvider time)
{
    private HashSet<T> _recent = [];
    private HashSet<T> _older = [];
    private long _turnedAt = time.GetTimestamp();

    public int Count => _recent.Count + _older.Count;

    public bool Contains(T item) => Count > 0 && (_recent.Contains(item) || _older.Contains(item));

    public void Add(T item)
    {
        if (time.GetElapsedTime(_turnedAt) >= keep)
        {
            (_older, _recent) = (_recent, []);
            _turnedAt = time.GetTimestamp();
        }

        _recent.Add(item);
    }

    public void Remove(T item)
    {
        if (Count == 0)
            return;
        _recent.Remove(item);
        _older.Remove(item);
    }
}
