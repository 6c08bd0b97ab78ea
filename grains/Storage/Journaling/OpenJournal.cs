namespace MorningAI.Storage.Journaling;

/// <summary>A journal's file, checked and ready to be written.</summary>
/// <param name="LastSeq">No sequence number up to here is given out again.</param>
/// <param name="Seconds">Keys with more than one row.</param>
/// <param name="Reserved">Numbers up to here may be given out.</param>
internal sealed record OpenJournal(JournalDatabase Database, JournalTags Tags, JournalIndex Index, Guid Id, long LastSeq, long Reserved, long Records, IReadOnlyList<SecondRow> Seconds, long Quarantined);
