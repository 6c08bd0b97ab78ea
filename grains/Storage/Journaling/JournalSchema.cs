namespace MorningAI.Storage.Journaling;

/// <summary>The journal's tables. Chosen by measuring: see LayoutComparison in tests/Benchmarks.</summary>
internal static class JournalSchema
{
    /// <summary>Of the file. One of a later format is refused, never guessed at; one of format 1 is brought up to date.</summary>
    public const int Format = 2;

    /// <summary>In the file's header: tells a journal from other programs' databases.</summary>
    public const int ApplicationId = 0x4D61694A;

    /// <summary>By <see cref="RowId"/>. There is no other index in the file: where a key's rows are, the silo knows (<see cref="JournalIndex"/>).</summary>
    public const string Entry = """
        CREATE TABLE entry (id INTEGER PRIMARY KEY, key BLOB NOT NULL, version INTEGER NOT NULL, base INTEGER NOT NULL, writer INTEGER NOT NULL,
            place INTEGER NOT NULL, score INTEGER NOT NULL, at INTEGER NOT NULL, checksum INTEGER NOT NULL, body BLOB NOT NULL);
        """;

    public const string Create = $"""
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, confirmed INTEGER NOT NULL);
        {Entry}
        CREATE TABLE quarantine (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL);
        """;

    /// <summary>Format 1 had columns for tag and number, and three indexes.</summary>
    public const string FromFormat1 = $"""
        ALTER TABLE entry RENAME TO entry_1;
        {Entry}
        INSERT OR IGNORE INTO entry SELECT {JournalRow.ColumnsOfFormat1} FROM entry_1 ORDER BY tag, seq;
        DROP TABLE entry_1;
        """;

    /// <summary>Names in the table meta.</summary>
    public static class Meta
    {
        public const string Cluster = "cluster";
        public const string Service = "service";
        public const string Journal = "journal";

        /// <summary>No sequence number above it has been given out.</summary>
        public const string Reserved = "reserved";

        /// <summary>The last sequence number given out; there only after an orderly end.</summary>
        public const string Last = "last";

        /// <summary>The last sequence number that is in the file, or was: written with each commit. What the tail has beyond it the file lacks.</summary>
        public const string Committed = "committed";
    }
}
