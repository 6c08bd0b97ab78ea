using System.Globalization;

namespace MorningAI.Storage.Journaling;

/// <summary>Changes to the journal's rows, within the writing thread's transaction.</summary>
internal sealed class JournalTable : IDisposable
{
    private readonly JournalDatabase _database;
    private readonly JournalTags _tags;
    private readonly JournalIndex _index;
    private readonly IndexChanges _changes;
    private readonly List<(JournalTag Tag, long? Before)> _savedNow = [];
    private readonly List<RowId> _replaced = [];
    private readonly List<RowId> _others = [];
    private readonly List<RowId> _finished = [];
    private readonly SqliteStatement _begin, _commit, _owner, _insert, _delete, _deleteOf, _scan, _saveTag, _saveCommitted, _quarantine, _row;

    public JournalTable(JournalDatabase database, JournalTags tags, JournalIndex index)
    {
        _database = database;
        _tags = tags;
        _index = index;
        _changes = new IndexChanges(index);
        var handle = database.Handle;
        _begin = new(handle, "BEGIN IMMEDIATE");
        _commit = new(handle, "COMMIT");
        _owner = new(handle, "SELECT key, version, writer FROM entry WHERE id = ?1");
        _insert = new(handle, $"INSERT INTO entry ({JournalRow.Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
        _delete = new(handle, "DELETE FROM entry WHERE id = ?1");
        _deleteOf = new(handle, "DELETE FROM entry WHERE id = ?1 AND key = ?2");
        _scan = new(handle, "SELECT id, place FROM entry WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3");
        _saveTag = new(handle, "INSERT OR REPLACE INTO tag (id, name, confirmed) VALUES (?1, ?2, ?3)");
        _saveCommitted = new(handle, $"INSERT OR REPLACE INTO meta (name, value) VALUES ('{JournalSchema.Meta.Committed}', ?1)");
        _quarantine = new(handle, "INSERT INTO quarantine (at, key, reason, bytes) VALUES (?1, ?2, ?3, ?4)");
        _row = new(handle, $"SELECT {JournalRow.Columns} FROM entry WHERE id = ?1");
    }

    public void Begin()
    {
        _savedNow.Clear();
        _changes.Rollback();
        _begin.Run();
    }

    public void Commit()
    {
        _commit.Run();
        _changes.Commit();
    }

    public void Rollback()
    {
        foreach (var (tag, before) in _savedNow)
            tag.Saved = before;
        _savedNow.Clear();
        _changes.Rollback();
        _database.Rollback();
    }

    /// <summary>A record takes the place of its writer's earlier ones.</summary>
    /// <param name="second">Where there are rows of another writer's, or newer ones: one or the other will be dropped.</param>
    /// <returns>How many more rows there are.</returns>
    public int Put(PendingAppend append, long at, out SecondRow? second)
    {
        var write = append.Write;
        var tag = _tags.Of(write.Key.Tag);
        if (tag.Saved is null)
            Save(tag);
        var key = JournalKey.Encode(write.Key);
        var hash = _index.HashOf(key);
        _replaced.Clear();
        _others.Clear();
        foreach (var row in _changes.Find(hash, tag.Id))
        {
            if (!IsOf(row, key, out var version, out var writer))
                continue;
            if (writer == write.Writer && version < write.Version)
                _replaced.Add(row);
            else
                _others.Add(row);
        }

        foreach (var row in _replaced)
            Delete(hash, row);
        var id = new RowId(tag.Id, append.Seq);
        var numbers = JournalColumns.Of(append, at);
        _insert.Bind(1, id.Value).Bind(2, key).Bind(3, numbers.Version).Bind(4, numbers.Base).Bind(5, numbers.Writer).Bind(6, numbers.Place).Bind(7, numbers.Score)
            .Bind(8, numbers.At).Bind(9, RecordChecksum.Of(tag.Name, key, numbers, write.Body)).Bind(10, write.Body).Run();
        _changes.Add(hash, id);
        second = _others.Count == 0 ? null : new SecondRow(id, key, hash, [.. _others]);
        return 1 - _replaced.Count;
    }

    /// <returns>The rows that are gone; so with all below.</returns>
    public int Drop(RecordKey key, long seq)
    {
        if (_tags.Find(key.Tag) is not { } tag)
            return 0;
        var bytes = JournalKey.Encode(key);
        return Delete(_index.HashOf(bytes), new RowId(tag.Id, seq), bytes);
    }

    /// <summary>The later of two rows is confirmed: the earlier goes, unless the later has given way itself.</summary>
    public int DropEarlier(SecondRow second)
    {
        if (!_changes.Has(second.Hash, second.Row))
            return 0;
        var gone = 0;
        foreach (var row in second.Earlier)
            gone += Delete(second.Hash, row, second.Key);
        return gone;
    }

    /// <summary>Drops the finished ones among a tag's next rows.</summary>
    /// <param name="from">Looks at rows beyond this number, and says how far it came.</param>
    /// <param name="most">Rows to look at.</param>
    public int DropFinished(JournalTag tag, ref long from, long upTo, int most)
    {
        var looked = 0;
        _finished.Clear();
        for (_scan.Bind(1, new RowId(tag.Id, from).Value).Bind(2, new RowId(tag.Id, upTo).Value).Bind(3, most); _scan.Step(); looked++)
        {
            var row = new RowId(_scan.Long(0));
            from = row.Seq;
            if (RecordPlace.IsFinished(_scan.Long(1)))
                _finished.Add(row);
        }

        if (looked < most)
            from = upTo;
        var gone = 0;
        foreach (var row in _finished)
        {
            if (!_owner.Bind(1, row.Value).Step())
                continue;
            var hash = _index.HashOf(_owner.Blob(0));
            _owner.Reset();
            gone += Delete(hash, row);
        }

        return gone;
    }

    public void Quarantine(QuarantineEntry entry) =>
        _quarantine.Bind(1, entry.At.ToUnixTimeMilliseconds()).Bind(2, entry.Key).Bind(3, entry.Reason).Bind(4, entry.Bytes).Run();

    /// <summary>Moves a row whose checksum does not fit out of the way.</summary>
    public int Quarantine(RowId id, string reason, DateTimeOffset at)
    {
        if (!_row.Bind(1, id.Value).Step())
            return 0;
        var found = new JournalRow(_row);
        var tag = _tags.Find(id.Tag)?.Name;
        if (found.IsIntact(tag))
        {
            _row.Reset(); // it can be read after all
            return 0;
        }

        var entry = new QuarantineEntry(at, NameOf(tag, found.Key), reason, found.Body.ToArray());
        _row.Reset();
        Quarantine(entry);
        _delete.Bind(1, id.Value).Run();
        _index.Remove(id); // by whatever key it was found: should this be rolled back, nobody misses a damaged row
        return 1;
    }

    public void Save(JournalTag tag)
    {
        _saveTag.Bind(1, tag.Id).Bind(2, tag.Name).Bind(3, tag.Settled).Run();
        _savedNow.Add((tag, tag.Saved));
        tag.Saved = tag.Settled;
    }

    /// <summary>Everything up to here is in the file.</summary>
    public void SaveCommitted(long seq) => _saveCommitted.Bind(1, seq.ToString(CultureInfo.InvariantCulture)).Run();

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _owner, _insert, _delete, _deleteOf, _scan, _saveTag, _saveCommitted, _quarantine, _row])
            statement.Dispose();
    }

    private static string NameOf(string? tag, ReadOnlySpan<byte> key)
    {
        try
        {
            return JournalKey.Decode(tag ?? "?", key).ToString();
        }
        catch (InvalidDataException)
        {
            return $"{tag ?? "?"}/{Convert.ToHexStringLower(key)}";
        }
    }

    private bool IsOf(RowId row, ReadOnlySpan<byte> key, out long version, out ulong writer)
    {
        (version, writer) = (0, 0);
        if (!_owner.Bind(1, row.Value).Step())
            return false;
        var isOf = _owner.Blob(0).SequenceEqual(key);
        (version, writer) = (_owner.Long(1), (ulong)_owner.Long(2));
        _owner.Reset();
        return isOf;
    }

    private int Delete(ulong hash, RowId row, byte[] key)
    {
        _deleteOf.Bind(1, row.Value).Bind(2, key).Run();
        if (_database.Changes == 0)
            return 0;
        _changes.Remove(hash, row);
        return 1;
    }

    private int Delete(ulong hash, RowId row)
    {
        _delete.Bind(1, row.Value).Run();
        _changes.Remove(hash, row);
        return 1;
    }
}
