namespace MorningAI.Storage.Journaling;

/// <summary>Takes away what nobody needs any more, a little in each commit.</summary>
internal sealed class JournalCompactor : IDisposable
{
    private readonly JournalDatabase _database;
    private readonly JournalTable _table;
    private readonly JournalTags _tags;
    private readonly SqliteStatement _vacuum;
    private readonly List<(JournalTag Tag, long Before)> _movedNow = [];
    private Queue<SecondRow> _seconds;
    private Queue<SecondRow> _secondsNow = [];

    /// <param name="seconds">Keys with more than one row.</param>
    public JournalCompactor(JournalDatabase database, JournalTable table, JournalTags tags, IEnumerable<SecondRow> seconds)
    {
        _database = database;
        _table = table;
        _tags = tags;
        _seconds = new Queue<SecondRow>(seconds);
        _vacuum = new SqliteStatement(database.Handle, "PRAGMA incremental_vacuum(64)");
    }

    /// <summary>More remains to be done than one step did.</summary>
    public bool HasMore { get; private set; }

    /// <summary>A record of this key came beside another writer's: the earlier goes once the later is confirmed.</summary>
    public void Note(RecordKey key, long seq) => _secondsNow.Enqueue(new SecondRow(_tags.Of(key.Tag), JournalKey.Encode(key), seq));

    /// <summary>Begins what <see cref="Commit"/> or <see cref="Rollback"/> ends.</summary>
    /// <param name="most">Rows to look at.</param>
    /// <returns>The rows that are gone.</returns>
    public int Step(int most)
    {
        _secondsNow = new Queue<SecondRow>(_seconds);
        _movedNow.Clear();
        var gone = DropSeconds(most);
        HasMore = false;
        foreach (var tag in _tags.All)
        {
            long upTo;
            lock (tag)
                upTo = tag.Window.Elapsed;
            if (upTo <= tag.CompactedTo)
                continue;
            _movedNow.Add((tag, tag.CompactedTo));
            var at = tag.CompactedTo;
            gone += _table.DropFinished(tag, ref at, upTo, most);
            tag.CompactedTo = at;
            HasMore |= at < upTo;
        }

        return gone;
    }

    public void Commit() => _seconds = _secondsNow;

    /// <summary>What it took away is there still.</summary>
    public void Rollback()
    {
        _secondsNow = _seconds;
        foreach (var (tag, before) in _movedNow)
            tag.CompactedTo = before;
        _movedNow.Clear();
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

    private int DropSeconds(int most)
    {
        var gone = 0;
        for (var left = Math.Min(_secondsNow.Count, most); left > 0; left--)
        {
            var second = _secondsNow.Dequeue();
            if (second.Seq <= second.Tag.Settled)
                gone += _table.DropEarlier(second.Tag, second.Key);
            if (second.Seq > second.Tag.Settled || _table.HasSecond(second.Tag, second.Key))
                _secondsNow.Enqueue(second);
        }

        return gone;
    }
}

/// <summary>The later of two rows of one key.</summary>
internal readonly record struct SecondRow(JournalTag Tag, byte[] Key, long Seq);
