namespace MorningAI.Storage.Journaling;

/// <summary>One record of the journal.</summary>
internal readonly record struct JournalEntry(long Seq, RecordWrite Write)
{
    /// <summary>Somebody was told that it is safe, by this journal or by a store that has forgotten it since.</summary>
    public bool Acknowledged { get; init; }
}
