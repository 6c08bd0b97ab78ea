using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MorningAI.Storage.Journaling;

/// <summary>Looks into a journal's file without changing it, also while a silo writes it.</summary>
public static class JournalInspector
{
    /// <param name="path">Of the file.</param>
    /// <exception cref="JournalException">There is none, or it cannot be read; the message says why.</exception>
    public static JournalReport Inspect(string path, TimeProvider time)
    {
        var files = new JournalFiles(path);
        return Read(files, database =>
        {
            var (waiting, oldest) = Waiting(database);
            return new JournalReport(
                files.Database,
                database.Meta(JournalSchema.Meta.Journal) ?? "",
                new JournalIdentity(database.Meta(JournalSchema.Meta.Cluster) ?? "", database.Meta(JournalSchema.Meta.Service) ?? ""),
                new JournalStats
                {
                    Records = database.Number("SELECT count(*) FROM entry"),
                    Waiting = waiting,
                    OldestWaiting = waiting == 0 ? null : time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(oldest),
                    FileBytes = files.FileBytes,
                    WalBytes = files.WalBytes,
                    Quarantined = database.Number("SELECT count(*) FROM quarantine"),
                    SetAside = files.AsideNames(),
                });
        });
    }

    /// <returns>Oldest first.</returns>
    /// <exception cref="JournalException">There is none, or it cannot be read; the message says why.</exception>
    public static IReadOnlyList<QuarantineEntry> Quarantine(string path) => Read(new JournalFiles(path), database =>
    {
        var entries = new List<QuarantineEntry>();
        using var rows = new SqliteStatement(database.Handle, "SELECT at, key, reason, bytes FROM quarantine ORDER BY id");
        while (rows.Step())
            entries.Add(new QuarantineEntry(DateTimeOffset.FromUnixTimeMilliseconds(rows.Long(0)), rows.Text(1), rows.Text(2), rows.Blob(3).ToArray()));
        return entries;
    });

    private static (long Waiting, long Oldest) Waiting(JournalDatabase database)
    {
        using var tags = new SqliteStatement(database.Handle, "SELECT id, confirmed FROM tag");
        using var rows = new SqliteStatement(database.Handle, "SELECT count(*), min(at) FROM entry WHERE id > ?1 AND id <= ?2");
        var (waiting, oldest) = (0L, long.MaxValue);
        while (tags.Step())
        {
            var tag = (int)tags.Long(0);
            rows.Bind(1, new RowId(tag, tags.Long(1)).Value).Bind(2, new RowId(tag, RowId.MostSeq).Value);
            if (rows.Step() && rows.Long(0) > 0)
                (waiting, oldest) = (waiting + rows.Long(0), Math.Min(oldest, rows.Long(1)));
            rows.Reset();
        }

        return (waiting, oldest);
    }

    private static T Read<T>(JournalFiles files, Func<JournalDatabase, T> read)
    {
        if (!files.Exist)
            throw new JournalException($"There is no journal at {files.Database}. A silo makes one when it first starts; --data names its folder.");
        try
        {
            using var database = JournalDatabase.OpenToRead(files.Database);
            if (database.Number("PRAGMA application_id") != JournalSchema.ApplicationId)
                throw new JournalException($"{files.Database} is not a journal.");
            var format = database.Number("PRAGMA user_version");
            if (format > JournalSchema.Format)
                throw new JournalException(string.Create(CultureInfo.InvariantCulture, $"The journal {files.Database} was written by a newer version (format {format}; this one reads up to {JournalSchema.Format})."));
            if (format < JournalSchema.Format)
                throw new JournalException(string.Create(CultureInfo.InvariantCulture, $"The journal {files.Database} was written by an earlier version (format {format}). Its silo's next start brings it up to date."));
            return read(database);
        }
        catch (SqliteException e)
        {
            throw new JournalException($"The journal {files.Database} cannot be read: {e.Describe()}.", e);
        }
    }
}

/// <summary>A journal's file at one look.</summary>
/// <param name="Id">The journal's own.</param>
public sealed record JournalReport(string Path, string Id, JournalIdentity Identity, JournalStats Stats);
