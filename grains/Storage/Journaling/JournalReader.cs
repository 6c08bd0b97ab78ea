namespace MorningAI.Storage.Journaling;

/// <summary>Reads a journal's rows beside the thread that writes them. One thread at a time.</summary>
internal sealed class JournalReader : IDisposable
{
    private readonly JournalDatabase _database;
    private readonly SqliteStatement _after, _ofKey, _last, _waiting, _first;

    public JournalReader(string path)
    {
        _database = JournalDatabase.OpenToRead(path);
        var handle = _database.Handle;
        _after = new(handle, $"SELECT {JournalRow.Columns} FROM entry INDEXED BY entry_seq WHERE tag = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
        _ofKey = new(handle, $"SELECT {JournalRow.Columns} FROM entry INDEXED BY entry_key WHERE key = ?1 AND tag = ?2 ORDER BY seq");
        _last = new(handle, "SELECT max(seq) FROM entry WHERE tag = ?1");
        _waiting = new(handle, "SELECT count(*) FROM entry WHERE tag = ?1 AND seq > ?2");
        _first = new(handle, "SELECT at FROM entry INDEXED BY entry_seq WHERE tag = ?1 AND seq > ?2 ORDER BY seq LIMIT 1");
    }

    /// <param name="damaged">Is told of rows that are not what was written; they are passed over.</param>
    public List<JournalEntry> Read(JournalTag tag, long after, int most, Action<long, string> damaged)
    {
        while (true)
        {
            var entries = new List<JournalEntry>(Math.Min(most, 256));
            var rows = 0;
            for (_after.Bind(1, tag.Id).Bind(2, after).Bind(3, most); _after.Step(); rows++)
            {
                var row = new JournalRow(_after);
                after = row.Numbers.Seq;
                Take(row, tag, entries, damaged);
            }

            // An empty answer says that there is nothing more.
            if (entries.Count > 0 || rows < most)
                return entries;
        }
    }

    /// <returns>In order.</returns>
    public List<JournalEntry> Find(JournalTag tag, byte[] key, Action<long, string> damaged)
    {
        var entries = new List<JournalEntry>(1);
        _ofKey.Bind(1, key).Bind(2, tag.Id);
        while (_ofKey.Step())
            Take(new JournalRow(_ofKey), tag, entries, damaged);
        return entries;
    }

    public long LastSeq(JournalTag tag) => One(_last.Bind(1, tag.Id));

    /// <returns>How many records the store has not confirmed, and when the oldest of them was appended.</returns>
    public (long Count, DateTimeOffset? Oldest) Waiting(IEnumerable<JournalTag> tags)
    {
        long count = 0, oldest = long.MaxValue;
        foreach (var tag in tags)
        {
            var confirmed = tag.Confirmed;
            if (One(_first.Bind(1, tag.Id).Bind(2, confirmed)) is not (> 0 and var at))
                continue;
            oldest = Math.Min(oldest, at);
            count += One(_waiting.Bind(1, tag.Id).Bind(2, confirmed));
        }

        return (count, count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(oldest));
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_after, _ofKey, _last, _waiting, _first])
            statement.Dispose();
        _database.Dispose();
    }

    private static void Take(JournalRow row, JournalTag tag, List<JournalEntry> entries, Action<long, string> damaged)
    {
        if (!row.IsIntact(tag.Name))
        {
            damaged(row.Id, DamagedRecord.Reason);
            return;
        }

        entries.Add(new JournalEntry(row.Numbers.Seq, row.ToWrite(tag.Name)));
    }

    private static long One(SqliteStatement statement)
    {
        var value = statement.Step() ? statement.Long(0) : 0;
        statement.Reset();
        return value;
    }
}

internal static class DamagedRecord
{
    public const string Reason = "the journal's disk gave back other bytes than were written (checksum)";
}
