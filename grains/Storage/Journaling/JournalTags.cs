using System.Collections.Concurrent;

namespace MorningAI.Storage.Journaling;

/// <summary>The tags of a journal. There are some sixteen of each queue and of each kind of grain; they stay in memory.</summary>
internal sealed class JournalTags(TimeSpan window)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, JournalTag> _byName = new();
    private readonly ConcurrentDictionary<int, JournalTag> _byId = new();
    private int _last;

    public ICollection<JournalTag> All => _byName.Values;

    public JournalTag Of(string name)
    {
        if (_byName.TryGetValue(name, out var tag))
            return tag;
        lock (_lock)
            return _byName.TryGetValue(name, out tag) ? tag : Add(new JournalTag(_last + 1, name, 0, window));
    }

    /// <exception cref="JournalUnavailableException">There are more than can be.</exception>
    public void Check(string name)
    {
        if (_last >= RowId.MostTags && !_byName.ContainsKey(name))
            throw new JournalUnavailableException($"it has records of {RowId.MostTags} queue partitions and kinds of grain, and cannot take a further one's");
    }

    public JournalTag? Find(string name) => _byName.GetValueOrDefault(name);

    public JournalTag? Find(int id) => _byId.GetValueOrDefault(id);

    public void Load(JournalDatabase database)
    {
        using var rows = new SqliteStatement(database.Handle, "SELECT id, name, confirmed FROM tag");
        while (rows.Step())
            Add(new JournalTag((int)rows.Long(0), rows.Text(1), rows.Long(2), window) { Saved = rows.Long(2) });
    }

    public void Confirm(string name, long seq)
    {
        var tag = Of(name);
        lock (tag)
        {
            tag.Confirmed = seq;
            tag.Lowest = Math.Min(tag.Lowest, seq);
        }
    }

    /// <summary>A commit begins.</summary>
    public void Settle()
    {
        foreach (var tag in All)
        {
            lock (tag)
                tag.Settled = tag.Confirmed;
        }
    }

    /// <param name="now">By a clock that stands while the store is not known to have what it confirmed.</param>
    public void Pass(TimeSpan now)
    {
        foreach (var tag in All)
        {
            lock (tag)
            {
                tag.Window.Pass(now, tag.Lowest, tag.Confirmed);
                tag.Lowest = tag.Confirmed;
            }
        }
    }

    private JournalTag Add(JournalTag tag)
    {
        _last = Math.Max(_last, tag.Id);
        _byId[tag.Id] = tag;
        _byName[tag.Name] = tag;
        return tag;
    }
}
