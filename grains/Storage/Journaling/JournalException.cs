namespace MorningAI.Storage.Journaling;

/// <summary>The journal cannot be opened. The message says why and what to do; the file is as it was.</summary>
public sealed class JournalException(string message, Exception? inner = null) : Exception(message, inner);
