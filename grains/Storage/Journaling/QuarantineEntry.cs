namespace MorningAI.Storage.Journaling;

/// <summary>A record that could not be read, kept for people.</summary>
/// <param name="Key">As text: it may be damaged too.</param>
public sealed record QuarantineEntry(DateTimeOffset At, string Key, string Reason, byte[] Bytes);
