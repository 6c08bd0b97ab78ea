namespace MorningAI.Storage.Journaling;

/// <summary>Whose records a journal holds. A journal of another identity is never opened.</summary>
public readonly record struct JournalIdentity(string ClusterId, string ServiceId);
