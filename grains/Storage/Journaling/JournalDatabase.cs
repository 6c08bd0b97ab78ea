using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MorningAI.Storage.Journaling;

/// <summary>A connection to a journal's file. One thread at a time.</summary>
internal sealed class JournalDatabase : IDisposable
{
    /// <summary>Four of SQLite's usual pages: a log of records is written with a quarter of the calls.</summary>
    public const int PageSize = 16 * 1024;

    private readonly SqliteConnection _connection;

    private JournalDatabase(string path, SqliteOpenMode mode)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        _connection.Open();
        try
        {
            Execute("PRAGMA busy_timeout = 5000");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public sqlite3 Handle => _connection.Handle!;

    public int Changes => raw.sqlite3_changes(Handle);

    /// <summary>Makes the file where there is none.</summary>
    public static JournalDatabase OpenToWrite(string path, long? maxBytes)
    {
        var database = new JournalDatabase(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // Takes effect in an empty file only, and before anything else is done to it.
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA page_size = {PageSize}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL"));
            database.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -32768");
            if (maxBytes is { } most)
                database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {Math.Max(1, most / database.Number("PRAGMA page_size"))}"));
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <remarks>Works beside a process that writes.</remarks>
    public static JournalDatabase OpenToRead(string path) => new(path, SqliteOpenMode.ReadOnly);

    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public long Number(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    public string? Meta(string name)
    {
        using var statement = new SqliteStatement(Handle, "SELECT value FROM meta WHERE name = ?1");
        return statement.Bind(1, name).Step() ? statement.Text(0) : null;
    }

    /// <param name="value">Null removes it.</param>
    public void SetMeta(string name, string? value)
    {
        using var statement = new SqliteStatement(Handle, value is null ? "DELETE FROM meta WHERE name = ?1" : "INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)");
        statement.Bind(1, name);
        if (value is not null)
            statement.Bind(2, value);
        statement.Run();
    }

    public void InTransaction(Action act)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            act();
            Execute("COMMIT");
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Rollback()
    {
        // Some errors have rolled it back already.
        if (raw.sqlite3_get_autocommit(Handle) == 0)
            Execute("ROLLBACK");
    }

    /// <summary>Moves what the write-ahead log holds into the file, as far as nobody is held up by it.</summary>
    /// <returns>Pages in the log.</returns>
    public int Checkpoint(bool truncate = false)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(Handle, null, truncate ? raw.SQLITE_CHECKPOINT_TRUNCATE : raw.SQLITE_CHECKPOINT_PASSIVE, out var pages, out _);
        if (code is not raw.SQLITE_OK and not raw.SQLITE_BUSY)
            SqliteException.ThrowExceptionForRC(code, Handle);
        return pages;
    }

    /// <returns>Pages written to the log since the last time that this was asked.</returns>
    public int PagesWritten()
    {
        const int cacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE
        return raw.sqlite3_db_status(Handle, cacheWrite, out var pages, out _, 1) == raw.SQLITE_OK ? pages : 0;
    }

    public void Dispose() => _connection.Dispose();
}
