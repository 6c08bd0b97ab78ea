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
            var done = new HashSet<RowId>();
            // From both ends up to the damage; the table is in the order of the ids.
            var columns = from.Number("PRAGMA user_version") == 1 ? JournalRow.ColumnsOfFormat1 : JournalRow.Columns;
            Copy(from, into, names, now, done, $"SELECT {columns} FROM entry NOT INDEXED ORDER BY entry.id");
            Copy(from, into, names, now, done, $"SELECT {columns} FROM entry NOT INDEXED ORDER BY entry.id DESC");
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

    private static void Copy(JournalDatabase from, JournalDatabase into, Dictionary<int, string> names, DateTimeOffset now, HashSet<RowId> done, string select) => Attempt<object>(() =>
    {
        using var rows = new SqliteStatement(from.Handle, select);
        using var insert = new SqliteStatement(into.Handle, $"INSERT OR IGNORE INTO entry ({JournalRow.Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
        using var quarantine = new SqliteStatement(into.Handle, "INSERT INTO quarantine (at, key, reason, bytes) VALUES (?1, ?2, ?3, ?4)");
        while (rows.Step())
        {
            var row = new JournalRow(rows);
            if (!done.Add(row.Id))
                break; // met in the middle
            var numbers = row.Numbers;
            if (row.IsIntact(names.GetValueOrDefault(row.Id.Tag)))
                insert.Bind(1, row.Id.Value).Bind(2, row.Key).Bind(3, numbers.Version).Bind(4, numbers.Base).Bind(5, numbers.Writer).Bind(6, numbers.Place)
                    .Bind(7, numbers.Score).Bind(8, numbers.At).Bind(9, row.Checksum).Bind(10, row.Body).Run();
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
