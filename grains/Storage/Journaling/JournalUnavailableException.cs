namespace MorningAI.Storage.Journaling;

/// <summary>The journal's disk refuses. What was to be written is not durable.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>It could not be taken back, either: a later life of the silo may find it.</summary>
    public bool MayComeBack { get; init; }
}
