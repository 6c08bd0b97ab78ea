using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MorningAI.Storage.Journaling;

/// <summary>What SQLite's errors mean to a journal.</summary>
internal static class SqliteFaults
{
    /// <summary>The file is no database, or a broken one.</summary>
    public static bool IsDamage(this SqliteException e) => e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    public static string Describe(this SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => "the journal's disk is full, or MorningAI:Journal:MaxBytes is reached",
        raw.SQLITE_IOERR => $"the journal's disk fails (I/O error {e.SqliteExtendedErrorCode})",
        raw.SQLITE_READONLY or raw.SQLITE_PERM => "the journal's file is read-only",
        raw.SQLITE_CANTOPEN => "the journal's file cannot be opened",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another program holds the journal's file",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "the journal's file is damaged; when the silo starts again it is set aside, and what can be read is saved",
        _ => $"the journal's file refuses ({e.Message})",
    };
}
