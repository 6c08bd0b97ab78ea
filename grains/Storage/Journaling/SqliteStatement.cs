using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MorningAI.Storage.Journaling;

/// <summary>
/// A prepared statement without ADO.NET's layer, which costs more per record than SQLite's own work does. Not safe for
/// threads; parameters are numbered from 1, columns from 0.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement Bind(int place, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, place, value));
        return this;
    }

    /// <remarks>SQLite copies the bytes.</remarks>
    public SqliteStatement Bind(int place, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(_statement, place, value));
        return this;
    }

    public SqliteStatement Bind(int place, string text)
    {
        Span<byte> buffer = stackalloc byte[256];
        var bytes = Encoding.UTF8.TryGetBytes(text, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(text);
        Check(raw.sqlite3_bind_text(_statement, place, bytes));
        return this;
    }

    /// <returns>False after the last row; the statement can then be bound and run again.</returns>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        raw.sqlite3_reset(_statement);
        if (code != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(code, _database);
        return false;
    }

    /// <summary>Runs to the end, passing over rows.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    /// <summary>Ends a reading before its last row.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <remarks>Valid until the next step.</remarks>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            SqliteException.ThrowExceptionForRC(code, _database);
    }
}
