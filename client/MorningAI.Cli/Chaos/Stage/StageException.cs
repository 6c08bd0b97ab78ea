namespace MorningAI.Cli.Chaos.Stage;

/// <summary>A process of the run is not as it should be; the message says which and where to look.</summary>
internal sealed class StageException(string message, Exception? inner = null) : Exception(message, inner);
