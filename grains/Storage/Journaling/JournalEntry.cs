namespace MorningAI.Storage.Journaling;

/// <summary>One record of the journal.</summary>
internal readonly record struct JournalEntry(long Seq, RecordWrite Write)
{
    /// <summary>Somebody was told that it is safe, by this journal.</summary>
    public bool Acknowledged { get; init; }
}

/// <summary>The place of an append, known at once, and when it is on disk.</summary>
/// <param name="Durable">Faults with <see cref="JournalUnavailableException"/> where the disk refused it.</param>
internal readonly record struct JournalTicket(long Seq, Task Durable);
