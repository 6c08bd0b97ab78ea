namespace MorningAI.Storage.Journaling;

/// <summary>Takes away what nobody needs any more, a little in each commit.</summary>
internal sealed class JournalCompactor : IDisposable
{
    private readonly JournalDatabase _database;
    private readonly JournalTable _table;
    private readonly JournalTags _tags;
    private readonly SqliteStatement _vacuum;
    private readonly Dictionary<int, Queue<SecondRow>> _seconds = [];
    private readonly List<(JournalTag Tag, long Before)> _movedNow = [];
    private readonly List<(Queue<SecondRow> Of, int Count)> _doneNow = [];
    private readonly List<SecondRow> _notedNow = [];

    /// <param name="seconds">Keys with more than one row.</param>
    public JournalCompactor(JournalDatabase database, JournalTable table, JournalTags tags, IEnumerable<SecondRow> seconds)
    {
        _database = database;
        _table = table;
        _tags = tags;
        _vacuum = new SqliteStatement(database.Handle, "PRAGMA incremental_vacuum(64)");
        foreach (var second in seconds)
            Keep(second);
    }

    /// <summary>More remains to be done than one step did.</summary>
    public bool HasMore { get; private set; }

    /// <summary>A record came beside another writer's: the earlier goes once the later is confirmed.</summary>
    public void Note(SecondRow second) => _notedNow.Add(second);

    /// <summary>Begins what <see cref="Commit"/> or <see cref="Rollback"/> ends.</summary>
    /// <param name="most">Rows to look at.</param>
    /// <returns>The rows that are gone.</returns>
    public int Step(int most)
    {
        Forget();
        HasMore = false;
        var gone = DropSeconds(most);
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

    public void Commit()
    {
        foreach (var (seconds, count) in _doneNow)
        {
            for (var i = 0; i < count; i++)
                seconds.Dequeue();
        }

        foreach (var second in _notedNow)
            Keep(second);
        Forget();
    }

    /// <summary>What it took away is there still.</summary>
    public void Rollback()
    {
        foreach (var (tag, before) in _movedNow)
            tag.CompactedTo = before;
        Forget();
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
        foreach (var (tag, seconds) in _seconds)
        {
            var settled = _tags.Find(tag)!.Settled;
            var done = 0;
            foreach (var second in seconds)
            {
                if (second.Row.Seq > settled)
                    break; // and so are those behind it
                if (done == most)
                {
                    HasMore = true;
                    break;
                }

                gone += _table.DropEarlier(second);
                done++;
            }

            if (done > 0)
                _doneNow.Add((seconds, done));
        }

        return gone;
    }

    private void Keep(SecondRow second)
    {
        if (!_seconds.TryGetValue(second.Row.Tag, out var seconds))
            _seconds[second.Row.Tag] = seconds = [];
        seconds.Enqueue(second);
    }

    private void Forget()
    {
        _movedNow.Clear();
        _doneNow.Clear();
        _notedNow.Clear();
    }
}

/// <summary>The later of several rows of one key.</summary>
internal sealed record SecondRow(RowId Row, byte[] Key, ulong Hash, RowId[] Earlier);
