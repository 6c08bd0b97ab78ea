namespace MorningAI.Storage.Journaling;

/// <summary>Compares every record with its checksum; what differs is quarantined, and the rest goes on.</summary>
internal static class JournalVerification
{
    /// <returns>The records that are left.</returns>
    public static long Run(JournalDatabase database, JournalTags tags, TimeProvider time, Action<long> quarantined)
    {
        var (records, damaged) = Scan(database, tags);
        if (damaged.Count == 0)
            return records;
        using var table = new JournalTable(database, tags);
        database.InTransaction(() =>
        {
            foreach (var row in damaged)
                table.Quarantine(row, DamagedRecord.Reason, time.GetUtcNow());
        });
        quarantined(damaged.Count);
        return records - damaged.Count;
    }

    private static (long Records, List<long> Damaged) Scan(JournalDatabase database, JournalTags tags)
    {
        using var rows = new SqliteStatement(database.Handle, $"SELECT {JournalRow.Columns} FROM entry");
        var damaged = new List<long>();
        long records = 0;
        for (; rows.Step(); records++)
        {
            var row = new JournalRow(rows);
            if (!row.IsIntact(tags.Find(row.Tag)?.Name))
                damaged.Add(row.Id);
        }

        return (records, damaged);
    }
}
