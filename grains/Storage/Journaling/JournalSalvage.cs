using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MorningAI.Storage.Journaling;

/// <summary>Saves from a damaged journal what can be read, under the numbers it had: the order of a key's records stays.</summary>
internal static class JournalSalvage
{
    private const string Reason = "saved from a damaged journal, and not what was written (checksum)";

    /// <param name="into">A new journal, in a transaction.</param>
    public static void Run(string damagedFile, JournalDatabase into, DateTimeOffset now)
    {
        try
        {
            using var from = JournalDatabase.OpenToRead(damagedFile);
            var names = Names(from);
            foreach (var (id, name) in names)
                Insert(into, "INSERT INTO tag (id, name, confirmed) VALUES (?1, ?2, 0)", s => s.Bind(1, id).Bind(2, name));
            var done = new HashSet<long>();
            // From both ends up to the damage; the table is in the order of the ids.
            Copy(from, into, names, now, done, "SELECT {0} FROM entry NOT INDEXED ORDER BY id");
            Copy(from, into, names, now, done, "SELECT {0} FROM entry NOT INDEXED ORDER BY id DESC");
            CopyQuarantine(from, into);
            if (Attempt(() => from.Meta(JournalSchema.Meta.Reserved)) is { } reserved && long.TryParse(reserved, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                into.SetMeta(JournalSchema.Meta.Reserved, reserved);
        }
        catch (SqliteException e) when (e.IsDamage())
        {
            // Nothing of it can be read. The file is kept.
        }
    }

    private static Dictionary<int, string> Names(JournalDatabase from)
    {
        var names = new Dictionary<int, string>();
        Attempt<object>(() =>
        {
            using var rows = new SqliteStatement(from.Handle, "SELECT id, name FROM tag NOT INDEXED");
            while (rows.Step())
                names[(int)rows.Long(0)] = rows.Text(1);
            return null;
        });
        return names;
    }

    private static void Copy(JournalDatabase from, JournalDatabase into, Dictionary<int, string> names, DateTimeOffset now, HashSet<long> done, string select) => Attempt<object>(() =>
    {
        using var rows = new SqliteStatement(from.Handle, string.Format(CultureInfo.InvariantCulture, select, JournalRow.Columns));
        using var insert = new SqliteStatement(into.Handle, $"INSERT INTO entry ({JournalRow.Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
        using var quarantine = new SqliteStatement(into.Handle, "INSERT INTO quarantine (at, key, reason, bytes) VALUES (?1, ?2, ?3, ?4)");
        while (rows.Step())
        {
            var row = new JournalRow(rows);
            if (!done.Add(row.Id))
                break; // met in the middle
            if (row.IsIntact(names.GetValueOrDefault(row.Tag)))
                insert.Bind(1, row.Id).Bind(2, row.Tag).Bind(3, row.Key).Bind(4, rows.Long(3)).Bind(5, rows.Long(4)).Bind(6, rows.Long(5)).Bind(7, rows.Long(6))
                    .Bind(8, rows.Long(7)).Bind(9, rows.Long(8)).Bind(10, rows.Long(9)).Bind(11, rows.Long(10)).Bind(12, row.Body).Run();
            else
                quarantine.Bind(1, now.ToUnixTimeMilliseconds()).Bind(2, Convert.ToHexStringLower(row.Key)).Bind(3, Reason).Bind(4, row.Body).Run();
        }

        return null;
    });

    private static void CopyQuarantine(JournalDatabase from, JournalDatabase into) => Attempt<object>(() =>
    {
        using var rows = new SqliteStatement(from.Handle, "SELECT at, key, reason, bytes FROM quarantine");
        while (rows.Step())
            Insert(into, "INSERT INTO quarantine (at, key, reason, bytes) VALUES (?1, ?2, ?3, ?4)", s => s.Bind(1, rows.Long(0)).Bind(2, rows.Text(1)).Bind(3, rows.Text(2)).Bind(4, rows.Blob(3)));
        return null;
    });

    private static void Insert(JournalDatabase into, string sql, Action<SqliteStatement> bind)
    {
        using var statement = new SqliteStatement(into.Handle, sql);
        bind(statement);
        statement.Run();
    }

    /// <summary>Up to where the damage is.</summary>
    private static T? Attempt<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (SqliteException e) when (e.IsDamage() || e.SqliteErrorCode == SQLitePCL.raw.SQLITE_ERROR)
        {
            return null;
        }
    }
}
