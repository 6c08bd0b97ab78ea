namespace MorningAI.Storage.Journaling;

/// <summary>Which of a key's records counts: what the store confirmed does; after that, the rule of ApplyRecords.lua.</summary>
internal static class RecordPrecedence
{
    /// <param name="records">Of one key, in order.</param>
    public static JournalEntry? Newest(IEnumerable<JournalEntry> records, long confirmed)
    {
        JournalEntry? newest = null;
        foreach (var record in records)
        {
            if (newest is not { } kept || record.Seq <= confirmed || Replaces(kept.Write, record.Write))
                newest = record;
        }

        return newest;
    }

    private static bool Replaces(RecordWrite kept, RecordWrite next)
    {
        if (kept.Body is null)
            return true;
        if (kept.Writer == next.Writer)
            return next.Version >= kept.Version && !next.CreateOnly; // the same once more has a later number: that one counts
        return !next.CreateOnly && next.Base >= kept.Version;
    }
}
