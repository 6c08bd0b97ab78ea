namespace MorningAI.Storage.Journaling;

/// <summary>The journal's disk refuses. What was to be written is not durable.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
