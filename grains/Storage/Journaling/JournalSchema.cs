namespace MorningAI.Storage.Journaling;

/// <summary>The journal's tables. Chosen by measuring: see LayoutComparison in tests/Benchmarks.</summary>
internal static class JournalSchema
{
    /// <summary>Of the file. One of a later format is refused, never guessed at.</summary>
    public const int Format = 1;

    /// <summary>In the file's header: tells a journal from other programs' databases.</summary>
    public const int ApplicationId = 0x4D61694A;

    /// <summary>A write of the same writer replaces the row in place: its page and the key's index stay as they are.</summary>
    public const string Create = $"""
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, confirmed INTEGER NOT NULL);
        CREATE TABLE entry (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, tag INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL, base INTEGER NOT NULL,
            writer INTEGER NOT NULL, place INTEGER NOT NULL, score INTEGER NOT NULL, at INTEGER NOT NULL, checksum INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX entry_key ON entry (key, tag);
        CREATE INDEX entry_seq ON entry (tag, seq);
        CREATE INDEX entry_finished ON entry (tag, seq) WHERE {RecordPlace.Finished};
        CREATE TABLE quarantine (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, key TEXT NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL);
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
    }
}
