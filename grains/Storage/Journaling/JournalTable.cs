namespace MorningAI.Storage.Journaling;

/// <summary>Changes to the journal's rows, within the writing thread's transaction.</summary>
internal sealed class JournalTable : IDisposable
{
    private readonly JournalDatabase _database;
    private readonly JournalTags _tags;
    private readonly List<(JournalTag Tag, long? Before)> _savedNow = [];
    private readonly SqliteStatement _begin, _commit, _replace, _exists, _insert, _drop, _dropEarlier, _dropFinished, _saveTag, _quarantine, _moveDamaged, _dropRow, _rows;

    public JournalTable(JournalDatabase database, JournalTags tags)
    {
        _database = database;
        _tags = tags;
        var handle = database.Handle;
        _begin = new(handle, "BEGIN IMMEDIATE");
        _commit = new(handle, "COMMIT");
        _replace = new(handle, """
            UPDATE entry INDEXED BY entry_key SET seq = ?1, version = ?4, base = ?5, writer = ?6, place = ?7, score = ?8, at = ?9, checksum = ?10, body = ?11
            WHERE key = ?3 AND tag = ?2 AND writer = ?6 AND version < ?4
            """);
        _exists = new(handle, "SELECT 1 FROM entry INDEXED BY entry_key WHERE key = ?1 AND tag = ?2 LIMIT 1");
        _insert = new(handle, """
            INSERT INTO entry (seq, tag, key, version, base, writer, place, score, at, checksum, body)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """);
        _drop = new(handle, "DELETE FROM entry INDEXED BY entry_key WHERE key = ?1 AND tag = ?2 AND seq = ?3");
        _dropEarlier = new(handle, """
            DELETE FROM entry INDEXED BY entry_key WHERE key = ?1 AND tag = ?2
            AND seq < (SELECT max(seq) FROM entry AS later INDEXED BY entry_key WHERE later.key = ?1 AND later.tag = ?2 AND later.seq <= ?3)
            """);
        _rows = new(handle, "SELECT count(*) FROM entry INDEXED BY entry_key WHERE key = ?1 AND tag = ?2");
        _dropFinished = new(handle, $"""
            DELETE FROM entry WHERE id IN (SELECT id FROM entry INDEXED BY entry_finished WHERE tag = ?1 AND seq <= ?2 AND {RecordPlace.Finished} LIMIT ?3)
            """);
        _saveTag = new(handle, "INSERT OR REPLACE INTO tag (id, name, confirmed) VALUES (?1, ?2, ?3)");
        _quarantine = new(handle, "INSERT INTO quarantine (at, key, reason, bytes) VALUES (?1, ?2, ?3, ?4)");
        _moveDamaged = new(handle, $"SELECT {JournalRow.Columns} FROM entry WHERE id = ?1");
        _dropRow = new(handle, "DELETE FROM entry WHERE id = ?1");
    }

    public void Begin()
    {
        _savedNow.Clear();
        _begin.Run();
    }

    public void Commit() => _commit.Run();

    public void Rollback()
    {
        foreach (var (tag, before) in _savedNow)
            tag.Saved = before;
        _savedNow.Clear();
        _database.Rollback();
    }

    /// <param name="isSecond">There is a row of another writer's, or a newer one: one of the two will be dropped.</param>
    /// <returns>The rows that came to be: 1, or 0 where a row was replaced.</returns>
    public int Put(long seq, RecordWrite write, long at, out bool isSecond)
    {
        isSecond = false;
        var tag = _tags.Of(write.Key.Tag);
        if (tag.Saved is null)
            Save(tag);
        var key = JournalKey.Encode(write.Key);
        var numbers = JournalColumns.Of(seq, write, at);
        var checksum = RecordChecksum.Of(tag.Name, key, numbers, write.Body);
        if (write.Version > 1)
        {
            Bind(_replace, tag, key, numbers, checksum, write.Body).Run();
            if (_database.Changes > 0)
                return 0;
        }

        isSecond = _exists.Bind(1, key).Bind(2, tag.Id).Step();
        _exists.Reset();
        Bind(_insert, tag, key, numbers, checksum, write.Body).Run();
        return 1;
    }

    /// <returns>The rows that are gone; so with all below.</returns>
    public int Drop(RecordKey key, long seq)
    {
        if (_tags.Find(key.Tag) is not { } tag)
            return 0;
        _drop.Bind(1, JournalKey.Encode(key)).Bind(2, tag.Id).Bind(3, seq).Run();
        return _database.Changes;
    }

    /// <summary>Drops what the newest confirmed row of a key has replaced.</summary>
    public int DropEarlier(JournalTag tag, byte[] key)
    {
        _dropEarlier.Bind(1, key).Bind(2, tag.Id).Bind(3, tag.Settled).Run();
        return _database.Changes;
    }

    public bool HasSecond(JournalTag tag, byte[] key)
    {
        var has = _rows.Bind(1, key).Bind(2, tag.Id).Step() && _rows.Long(0) > 1;
        _rows.Reset();
        return has;
    }

    public int DropFinished(JournalTag tag, long upTo, int most)
    {
        _dropFinished.Bind(1, tag.Id).Bind(2, upTo).Bind(3, most).Run();
        return _database.Changes;
    }

    public void Quarantine(QuarantineEntry entry) =>
        _quarantine.Bind(1, entry.At.ToUnixTimeMilliseconds()).Bind(2, entry.Key).Bind(3, entry.Reason).Bind(4, entry.Bytes).Run();

    /// <summary>Moves a row whose checksum does not fit out of the way.</summary>
    public int Quarantine(long row, string reason, DateTimeOffset at)
    {
        if (!_moveDamaged.Bind(1, row).Step())
            return 0;
        var found = new JournalRow(_moveDamaged);
        var tag = _tags.Find(found.Tag)?.Name;
        if (found.IsIntact(tag))
        {
            _moveDamaged.Reset(); // replaced by a good one meanwhile
            return 0;
        }

        var entry = new QuarantineEntry(at, NameOf(tag, found.Key), reason, found.Body.ToArray());
        _moveDamaged.Reset();
        Quarantine(entry);
        _dropRow.Bind(1, row).Run();
        return _database.Changes;
    }

    public void Save(JournalTag tag)
    {
        _saveTag.Bind(1, tag.Id).Bind(2, tag.Name).Bind(3, tag.Settled).Run();
        _savedNow.Add((tag, tag.Saved));
        tag.Saved = tag.Settled;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _replace, _exists, _insert, _drop, _dropEarlier, _dropFinished, _saveTag, _quarantine, _moveDamaged, _dropRow, _rows])
            statement.Dispose();
    }

    private static SqliteStatement Bind(SqliteStatement statement, JournalTag tag, byte[] key, in JournalColumns numbers, long checksum, byte[]? body) => statement
        .Bind(1, numbers.Seq)
        .Bind(2, tag.Id)
        .Bind(3, key)
        .Bind(4, numbers.Version)
        .Bind(5, numbers.Base)
        .Bind(6, numbers.Writer)
        .Bind(7, numbers.Place)
        .Bind(8, numbers.Score)
        .Bind(9, numbers.At)
        .Bind(10, checksum)
        .Bind(11, body.AsSpan());

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
}
