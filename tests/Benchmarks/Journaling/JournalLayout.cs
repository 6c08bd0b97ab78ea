namespace MorningAI.Tests.Benchmarks.Journaling;

/// <summary>One way of laying the journal out in a file.</summary>
/// <param name="Put">Writes a record: seq, tag, key, version, base, writer, place, score, checksum, body.</param>
/// <param name="Replace">Replaces a record that is there already, with the same parameters; null where <paramref name="Put"/> does that.</param>
/// <param name="Compact">Removes superseded records; null where <paramref name="Put"/> replaces them at once.</param>
internal sealed record JournalLayout(string Name, string Schema, string Put, string? Compact = null, string? Replace = null)
{
    private const string Columns = "tag INTEGER NOT NULL, key BLOB NOT NULL, version INTEGER NOT NULL, base INTEGER NOT NULL, writer INTEGER NOT NULL, place INTEGER NOT NULL, score INTEGER NOT NULL, checksum INTEGER NOT NULL, body BLOB";

    private const string Insert = "INSERT INTO entry (seq, tag, key, version, base, writer, place, score, checksum, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

    private const string Upsert = """
        INSERT INTO entry (seq, tag, key, version, base, writer, place, score, checksum, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (key, tag) DO UPDATE SET seq = excluded.seq, version = excluded.version, base = excluded.base, writer = excluded.writer,
            place = excluded.place, score = excluded.score, checksum = excluded.checksum, body = excluded.body
        WHERE entry.place = 9 OR CASE WHEN entry.writer = excluded.writer THEN excluded.version > entry.version ELSE excluded.base >= entry.version END
        """;

    private const string Update = """
        UPDATE entry SET seq = ?1, version = ?4, base = ?5, writer = ?6, place = ?7, score = ?8, checksum = ?9, body = ?10
        WHERE key = ?3 AND tag = ?2 AND (place = 9 OR CASE WHEN writer = ?6 THEN ?4 > version ELSE ?5 >= version END)
        """;

    public static readonly JournalLayout[] All =
    [
        new("A1 upsert, key and list index", $"""
            CREATE TABLE entry (seq INTEGER PRIMARY KEY, {Columns});
            CREATE UNIQUE INDEX entry_key ON entry (key, tag);
            CREATE INDEX entry_tag ON entry (tag);
            CREATE INDEX entry_place ON entry (tag, place, score);
            """, Upsert),
        new("A2 upsert, one index of tags", $"""
            CREATE TABLE entry (seq INTEGER PRIMARY KEY, {Columns});
            CREATE UNIQUE INDEX entry_key ON entry (key, tag);
            CREATE INDEX entry_tag ON entry (tag, seq, place);
            """, Upsert),
        new("A2u update of seq", $"""
            CREATE TABLE entry (seq INTEGER PRIMARY KEY, {Columns});
            CREATE UNIQUE INDEX entry_key ON entry (key, tag);
            CREATE INDEX entry_tag ON entry (tag, seq, place);
            """, Upsert, Replace: Update),
        new("A3 updated in place", $"""
            CREATE TABLE entry (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, {Columns});
            CREATE UNIQUE INDEX entry_key ON entry (key, tag);
            CREATE INDEX entry_tag ON entry (tag, seq, place);
            """, Upsert, Replace: Update),
        new("B append, compacted later", $"""
            CREATE TABLE entry (seq INTEGER PRIMARY KEY, {Columns});
            CREATE INDEX entry_key ON entry (key, tag);
            CREATE INDEX entry_tag ON entry (tag, seq, place);
            """,
            Insert,
            "DELETE FROM entry WHERE seq BETWEEN ?1 AND ?2 AND EXISTS (SELECT 1 FROM entry AS later WHERE later.tag = entry.tag AND later.key = entry.key AND later.seq > entry.seq)"),
        new("floor: append, no index at all", $"CREATE TABLE entry (seq INTEGER PRIMARY KEY, {Columns})", Insert),
    ];
}
