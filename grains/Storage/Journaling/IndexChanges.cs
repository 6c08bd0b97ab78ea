namespace MorningAI.Storage.Journaling;

/// <summary>What the transaction under way changes about the index. Others see it once the rows can be seen, too.</summary>
internal sealed class IndexChanges(JournalIndex index)
{
    private readonly List<(ulong Hash, RowId Row, bool Added)> _changes = [];
    private readonly HashSet<ulong> _touched = [];
    private readonly List<RowId> _found = [];

    public void Add(ulong hash, RowId row) => Note(hash, row, added: true);

    public void Remove(ulong hash, RowId row) => Note(hash, row, added: false);

    /// <returns>As the transaction sees it; valid until the next call.</returns>
    public List<RowId> Find(ulong hash, int tag)
    {
        _found.Clear();
        index.Find(hash, tag, _found);
        if (_touched.Contains(hash))
            Overlay(hash, tag);
        return _found;
    }

    public bool Has(ulong hash, RowId row) => Find(hash, row.Tag).Contains(row);

    public void Commit()
    {
        foreach (var (hash, row, added) in _changes)
        {
            if (added)
                index.Add(hash, row);
            else
                index.Remove(hash, row);
        }

        Rollback();
    }

    public void Rollback()
    {
        _changes.Clear();
        _touched.Clear();
    }

    private void Note(ulong hash, RowId row, bool added)
    {
        _changes.Add((hash, row, added));
        _touched.Add(hash);
    }

    private void Overlay(ulong hash, int tag)
    {
        foreach (var (changed, row, added) in _changes)
        {
            if (changed != hash || row.Tag != tag)
                continue;
            if (added)
                _found.Add(row);
            else
                _found.Remove(row);
        }
    }
}
