namespace MorningAI.Cli.Chaos.Stage;

/// <summary>A process of the run is not as it should be; the message says which and where to look.</summary>
internal class StageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A fault needs what this user may not do on this machine; the message says what, and what to do.</summary>
internal sealed class NotPermittedException(string message) : StageException(message);
