using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MorningAI.Storage.Journaling;

/// <summary>From a path to a journal that can be written: whose it is, whether it is whole, and where its numbers go on.</summary>
internal sealed partial class JournalOpening(JournalFiles files, JournalIdentity identity, JournalOptions options, TimeProvider time, ILogger logger)
{
    private readonly ILogger _logger = logger;

    /// <exception cref="JournalException">It is not ours to write; it is as it was.</exception>
    public OpenJournal Open()
    {
        try
        {
            if (!files.Exist)
                return OpenFile(salvageFrom: null);
            return JournalOwnership.Check(files, identity) && OpenChecked() is { } opened ? opened : Replace();
        }
        catch (SqliteException e)
        {
            throw new JournalException($"The journal {files.Database} cannot be opened: {e.Describe()}. Mend that, or give the silo another folder with --data.", e);
        }
    }

    /// <returns>Null where the file is damaged.</returns>
    private OpenJournal? OpenChecked()
    {
        var pages = WalTail.CountPages(files.Wal);
        JournalDatabase? database = null;
        try
        {
            database = JournalDatabase.OpenToWrite(files.Database, options.MaxBytes);
            var whole = database.Checkpoint();
            if (pages > whole)
                LogTornTail(files.Wal, pages - whole);
            if (!IsSound(database))
            {
                database.Dispose();
                return null;
            }

            return Prepare(database, null);
        }
        catch (SqliteException e) when (e.IsDamage())
        {
            LogDamaged(files.Database, e.Message);
            database?.Dispose();
            return null;
        }
        catch
        {
            database?.Dispose();
            throw;
        }
    }

    private bool IsSound(JournalDatabase database)
    {
        using var check = new SqliteStatement(database.Handle, "PRAGMA quick_check(1)");
        var found = check.Step() ? check.Text(0) : "no answer";
        if (found == "ok")
            return true;
        LogDamaged(files.Database, found);
        return false;
    }

    /// <summary>Sets the damaged file aside, and saves into a new one what can be read of it.</summary>
    private OpenJournal Replace()
    {
        var aside = files.SetAside(time.GetUtcNow());
        var opened = OpenFile(aside);
        LogSetAside(aside, opened.Records, opened.Quarantined);
        return opened;
    }

    private OpenJournal OpenFile(string? salvageFrom)
    {
        var database = JournalDatabase.OpenToWrite(files.Database, options.MaxBytes);
        try
        {
            return Prepare(database, salvageFrom);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private OpenJournal Prepare(JournalDatabase database, string? salvageFrom)
    {
        if (database.Number("PRAGMA application_id") == 0)
            database.InTransaction(() => Create(database, salvageFrom));
        else if (database.Number("PRAGMA user_version") == 1)
            BringUpToDate(database);
        var id = Guid.Parse(database.Meta(JournalSchema.Meta.Journal)!, CultureInfo.InvariantCulture);
        var tags = new JournalTags(options.Window);
        tags.Load(database);
        var index = new JournalIndex();
        var (records, seconds) = JournalVerification.Run(database, tags, index, time, LogQuarantined);
        records += TakeInTail(database, tags, index, id, seconds);
        var last = LastSeq(database);
        var reserved = last + JournalWriter.Block;
        if (reserved > RowId.MostSeq)
            throw new JournalException($"The journal {files.Database} has used up its numbers. Let its silo give the store everything ('morningai journal' shows nothing waiting), then move the file away and start with a new one.");
        database.InTransaction(() =>
        {
            database.SetMeta(JournalSchema.Meta.Reserved, Text(reserved));
            database.SetMeta(JournalSchema.Meta.Last, null);
        });
        return new OpenJournal(database, tags, index, id, last, reserved, records, seconds, database.Number("SELECT count(*) FROM quarantine"));
    }

    /// <summary>What the store was asked to take in the last moments before a crash, and no commit had.</summary>
    /// <returns>How many more rows there are.</returns>
    private int TakeInTail(JournalDatabase database, JournalTags tags, JournalIndex index, Guid id, List<SecondRow> seconds)
    {
        IReadOnlyList<JournalEntry> tail;
        try
        {
            tail = JournalTail.Read(files, id, Number(database.Meta(JournalSchema.Meta.Committed)) ?? 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"The journal's tail, {string.Join(" or ", files.Tails)}, cannot be read: {e.Message.TrimEnd('.')}. Mend its permissions or its disk; where that cannot be done, move it away: it holds what was stored in the last moments before a crash.", e);
        }

        if (tail.Count == 0)
            return 0;
        using var table = new JournalTable(database, tags, index);
        table.Begin();
        try
        {
            var rows = 0;
            foreach (var entry in tail)
            {
                rows += table.Put(new PendingAppend(entry.Seq, entry.Write, entry.Acknowledged, earlier: null), time.GetUtcNow().ToUnixTimeMilliseconds(), out var second);
                if (second is not null)
                    seconds.Add(second);
            }

            table.SaveCommitted(tail[^1].Seq);
            table.Commit();
            LogTail(tail.Count);
            return rows;
        }
        catch
        {
            table.Rollback();
            throw;
        }
    }

    private void Create(JournalDatabase database, string? salvageFrom)
    {
        database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {JournalSchema.ApplicationId}; PRAGMA user_version = {JournalSchema.Format}"));
        database.Execute(JournalSchema.Create);
        database.SetMeta(JournalSchema.Meta.Cluster, identity.ClusterId);
        database.SetMeta(JournalSchema.Meta.Service, identity.ServiceId);
        // A new journal, with new cursors in the store, also where records come from an old one.
        database.SetMeta(JournalSchema.Meta.Journal, Guid.NewGuid().ToString());
        if (salvageFrom is not null)
            JournalSalvage.Run(salvageFrom, database, time.GetUtcNow());
    }

    private static void BringUpToDate(JournalDatabase database) => database.InTransaction(() =>
    {
        database.Execute(JournalSchema.FromFormat1);
        database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {JournalSchema.Format}"));
    });

    private static long LastSeq(JournalDatabase database)
    {
        var noted = database.Meta(JournalSchema.Meta.Last) ?? database.Meta(JournalSchema.Meta.Reserved);
        return Math.Max(Number(noted) ?? 0, database.Number($"SELECT max(id & {RowId.MostSeq}) FROM entry"));
    }

    private static long? Number(string? noted) => noted is null ? null : long.Parse(noted, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The journal's write-ahead log {Wal} ended in the middle of a commit ({Pages} pages): nobody was told that it was safe, and it is left out")]
    private partial void LogTornTail(string wal, int pages);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} records that were not committed before the last crash are in the journal again")]
    private partial void LogTail(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal {File} is damaged: {What}")]
    private partial void LogDamaged(string file, string what);

    [LoggerMessage(Level = LogLevel.Error, Message = "The damaged journal is set aside as {File}; {Records} records were saved from it, {Quarantined} could not be read and are quarantined. Keep the file until 'morningai journal quarantine' has been looked at")]
    private partial void LogSetAside(string file, long records, long quarantined);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} records of the journal are not what was written; they are quarantined (morningai journal quarantine)")]
    private partial void LogQuarantined(long count);
}
