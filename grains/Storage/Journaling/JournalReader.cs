using MorningAI.Tasks;

namespace MorningAI.Storage.Journaling;

/// <summary>Reads a journal's rows beside the thread that writes them. One thread at a time.</summary>
internal sealed class JournalReader : IDisposable
{
    private readonly JournalDatabase _database;
    private readonly SqliteStatement _after, _before, _row, _last, _waiting, _first;

    public JournalReader(string path)
    {
        _database = JournalDatabase.OpenToRead(path);
        var handle = _database.Handle;
        _after = new(handle, $"SELECT {JournalRow.Columns} FROM entry WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3");
        _before = new(handle, $"SELECT {JournalRow.Columns} FROM entry WHERE id > ?1 AND id < ?2 ORDER BY id DESC");
        _row = new(handle, $"SELECT {JournalRow.Columns} FROM entry WHERE id = ?1");
        _last = new(handle, "SELECT id FROM entry WHERE id > ?1 AND id <= ?2 ORDER BY id DESC LIMIT 1");
        _waiting = new(handle, "SELECT count(*) FROM entry WHERE id > ?1 AND id <= ?2");
        _first = new(handle, "SELECT at FROM entry WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT 1");
    }

    /// <param name="damaged">Is told of rows that are not what was written; they are passed over.</param>
    public List<JournalEntry> Read(JournalTag tag, long after, int most, Action<RowId, string> damaged)
    {
        while (true)
        {
            var entries = new List<JournalEntry>(Math.Min(most, 256));
            var rows = 0;
            for (After(_after, tag, after).Bind(3, most); _after.Step(); rows++)
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

    /// <inheritdoc cref="IJournal.ReadUnfinished"/>
    /// <param name="damaged">Is told of rows that are not what was written; they are passed over.</param>
    public List<JournalEntry> ReadUnfinished(JournalTag tag, long before, int most, Action<RowId, string> damaged)
    {
        var entries = new List<JournalEntry>(Math.Min(most, 256));
        _before.Bind(1, new RowId(tag.Id, 0).Value).Bind(2, new RowId(tag.Id, Math.Min(before, RowId.MostSeq)).Value);
        while (entries.Count < most && _before.Step())
        {
            var row = new JournalRow(_before);
            if (RecordPlace.StateOf(row.Numbers.Place)?.IsTerminal() != true)
                Take(row, tag, entries, damaged);
        }

        _before.Reset();
        return entries;
    }

    /// <param name="rows">That may be of the key.</param>
    /// <returns>In order; null where one of the rows is not there any more, or not yet.</returns>
    public List<JournalEntry>? Find(JournalTag tag, byte[] key, List<RowId> rows, Action<RowId, string> damaged)
    {
        var entries = new List<JournalEntry>(rows.Count);
        foreach (var id in rows)
        {
            if (!_row.Bind(1, id.Value).Step())
                return null;
            var row = new JournalRow(_row);
            if (row.Key.SequenceEqual(key))
                Take(row, tag, entries, damaged);
            _row.Reset();
        }

        entries.Sort((a, b) => a.Seq.CompareTo(b.Seq));
        return entries;
    }

    public long LastSeq(JournalTag tag) => new RowId(One(After(_last, tag, 0))).Seq;

    /// <returns>How many records the store has not confirmed, and when the oldest of them was appended.</returns>
    public (long Count, DateTimeOffset? Oldest) Waiting(IEnumerable<JournalTag> tags)
    {
        long count = 0, oldest = long.MaxValue;
        foreach (var tag in tags)
        {
            var confirmed = tag.Confirmed;
            if (One(After(_first, tag, confirmed)) is not (> 0 and var at))
                continue;
            oldest = Math.Min(oldest, at);
            count += One(After(_waiting, tag, confirmed));
        }

        return (count, count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(oldest));
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_after, _before, _row, _last, _waiting, _first])
            statement.Dispose();
        _database.Dispose();
    }

    private static SqliteStatement After(SqliteStatement statement, JournalTag tag, long after) =>
        statement.Bind(1, new RowId(tag.Id, after).Value).Bind(2, new RowId(tag.Id, RowId.MostSeq).Value);

    private static void Take(JournalRow row, JournalTag tag, List<JournalEntry> entries, Action<RowId, string> damaged)
    {
        if (!row.IsIntact(tag.Name))
        {
            damaged(row.Id, DamagedRecord.Reason);
            return;
        }

        entries.Add(row.ToEntry(tag.Name));
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
