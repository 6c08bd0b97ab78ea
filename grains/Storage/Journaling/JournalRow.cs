namespace MorningAI.Storage.Journaling;

/// <summary>A row of the journal's table, as a statement stands on it. Valid until the statement's next step.</summary>
internal readonly ref struct JournalRow(SqliteStatement statement)
{
    /// <summary>For a statement that selects these, in this order, before anything else.</summary>
    public const string Columns = "id, key, version, base, writer, place, score, at, checksum, body";

    /// <summary>The same of a file of format 1.</summary>
    public const string ColumnsOfFormat1 = $"{RowId.OfFormat1}, key, version, base, writer, place, score, at, checksum, body";

    public RowId Id => new(statement.Long(0));

    public JournalColumns Numbers => new(Id.Seq, statement.Long(2), statement.Long(3), statement.Long(4), statement.Long(5), statement.Long(6), statement.Long(7));

    public ReadOnlySpan<byte> Key => statement.Blob(1);

    public long Checksum => statement.Long(8);

    public ReadOnlySpan<byte> Body => statement.Blob(9);

    /// <param name="tag">The tag's name; null where the file has none for its number.</param>
    public bool IsIntact(string? tag) => tag is not null && RecordChecksum.Of(tag, Key, Numbers, Body) == Checksum;

    /// <exception cref="InvalidDataException">The key is damaged.</exception>
    public JournalEntry ToEntry(string tag) => new(Numbers.Seq, ToWrite(tag)) { Acknowledged = RecordPlace.IsAcknowledged(Numbers.Place) };

    /// <exception cref="InvalidDataException">The key is damaged.</exception>
    public RecordWrite ToWrite(string tag) => Numbers.ToWrite(JournalKey.Decode(tag, Key), Body);
}
