namespace MorningAI.Storage.Journaling;

/// <summary>Compares every record with its checksum; what differs is quarantined, and the rest goes on. Finds out where each key's rows are.</summary>
internal static class JournalVerification
{
    /// <param name="index">An empty one, which is filled.</param>
    /// <returns>The records that are left, and the keys that have several.</returns>
    public static (long Records, List<SecondRow> Seconds) Run(JournalDatabase database, JournalTags tags, JournalIndex index, TimeProvider time, Action<long> quarantined)
    {
        var seconds = new List<SecondRow>();
        var (records, damaged) = Scan(database, tags, index, seconds);
        if (damaged.Count == 0)
            return (records, seconds);
        using var table = new JournalTable(database, tags, index);
        database.InTransaction(() =>
        {
            foreach (var row in damaged)
                table.Quarantine(row, DamagedRecord.Reason, time.GetUtcNow());
        });
        quarantined(damaged.Count);
        return (records, seconds);
    }

    private static (long Records, List<RowId> Damaged) Scan(JournalDatabase database, JournalTags tags, JournalIndex index, List<SecondRow> seconds)
    {
        using var rows = new SqliteStatement(database.Handle, $"SELECT {JournalRow.Columns} FROM entry ORDER BY id");
        var (damaged, same) = (new List<RowId>(), new List<RowId>());
        long records = 0;
        while (rows.Step())
        {
            var row = new JournalRow(rows);
            if (tags.Find(row.Id.Tag) is not { } tag || !row.IsIntact(tag.Name))
            {
                damaged.Add(row.Id);
                continue;
            }

            records++;
            var hash = index.HashOf(row.Key);
            same.Clear();
            index.Find(hash, tag.Id, same);
            if (same.Count > 0)
                seconds.Add(new SecondRow(row.Id, row.Key.ToArray(), hash, [.. same]));
            index.Add(hash, row.Id);
        }

        return (records, damaged);
    }
}
