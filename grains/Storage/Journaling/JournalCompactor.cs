namespace MorningAI.Storage.Journaling;

/// <summary>Takes away what nobody needs any more, a little in each commit.</summary>
internal sealed class JournalCompactor : IDisposable
{
    private readonly JournalDatabase _database;
    private readonly JournalTable _table;
    private readonly JournalTags _tags;
    private readonly Queue<(JournalTag Tag, byte[] Key, long Seq)> _seconds = [];
    private readonly SqliteStatement _vacuum;

    public JournalCompactor(JournalDatabase database, JournalTable table, JournalTags tags)
    {
        _database = database;
        _table = table;
        _tags = tags;
        _vacuum = new SqliteStatement(database.Handle, "PRAGMA incremental_vacuum(64)");
        LoadSeconds();
    }

    /// <summary>More remains to be done than one step did.</summary>
    public bool HasMore { get; private set; }

    /// <summary>A record of this key came beside another writer's: the earlier goes once the later is confirmed.</summary>
    public void Note(RecordKey key, long seq) => _seconds.Enqueue((_tags.Of(key.Tag), JournalKey.Encode(key), seq));

    /// <returns>The rows that are gone.</returns>
    public int Step(int most)
    {
        var gone = DropSeconds(most);
        HasMore = false;
        foreach (var tag in _tags.All)
        {
            long upTo;
            lock (tag)
                upTo = tag.Window.Elapsed;
            if (upTo <= tag.CompactedTo)
                continue;
            var dropped = _table.DropFinished(tag, upTo, most);
            gone += dropped;
            most -= dropped;
            if (most <= 0)
            {
                HasMore = true;
                break;
            }

            tag.CompactedTo = upTo;
        }

        return gone;
    }

    /// <summary>The transaction was rolled back: what it took away is there still.</summary>
    public void Rollback()
    {
        LoadSeconds();
        foreach (var tag in _tags.All)
            tag.CompactedTo = 0;
    }

    /// <summary>Gives free pages back to the disk once they are a fourth of the file and worth it.</summary>
    /// <returns>Whether more remains to be given back.</returns>
    public bool Shrink()
    {
        const int worth = 256;
        var free = _database.Number("PRAGMA freelist_count");
        if (free < worth || free < _database.Number("PRAGMA page_count") / 4)
            return false;
        _vacuum.Run();
        return true;
    }

    public void Dispose() => _vacuum.Dispose();

    private void LoadSeconds()
    {
        _seconds.Clear();
        using var seconds = new SqliteStatement(_database.Handle, "SELECT tag, key, max(seq) FROM entry WHERE (key, tag) IN (SELECT key, tag FROM entry GROUP BY key, tag HAVING count(*) > 1) GROUP BY key, tag");
        while (seconds.Step())
        {
            if (_tags.Find((int)seconds.Long(0)) is { } tag)
                _seconds.Enqueue((tag, seconds.Blob(1).ToArray(), seconds.Long(2)));
        }
    }

    private int DropSeconds(int most)
    {
        var gone = 0;
        for (var left = Math.Min(_seconds.Count, most); left > 0; left--)
        {
            var (tag, key, seq) = _seconds.Dequeue();
            if (seq <= tag.Settled)
                gone += _table.DropEarlier(tag, key);
            if (seq > tag.Settled || _table.HasSecond(tag, key))
                _seconds.Enqueue((tag, key, seq));
        }

        return gone;
    }
}
