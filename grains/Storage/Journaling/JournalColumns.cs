namespace MorningAI.Storage.Journaling;

/// <summary>The numbers of a journaled record.</summary>
/// <param name="At">When it was appended, in Unix milliseconds.</param>
internal readonly record struct JournalColumns(long Seq, long Version, long Base, long Writer, long Place, long Score, long At)
{
    public static JournalColumns Of(PendingAppend append, long at) => Of(append.Seq, append.Write, append.IsAcknowledged, at);

    public static JournalColumns Of(long seq, RecordWrite write, bool acknowledged, long at) =>
        new(seq, write.Version, write.Base, (long)write.Writer, RecordPlace.Of(write, acknowledged), RecordPlace.ScoreOf(write), at);

    public RecordWrite ToWrite(RecordKey key, ReadOnlySpan<byte> body) => new()
    {
        Key = key,
        Version = Version,
        Base = Base,
        Writer = (ulong)Writer,
        Body = RecordPlace.IsDeleted(Place) ? null : body.ToArray(),
        Index = RecordPlace.StateOf(Place) is { } state ? new IndexEntry(state, Score) : null,
    };
}
