namespace MorningAI.Handlers;

/// <summary>Thrown by a handler to fail its attempt with a code of its own beside the message.</summary>
public sealed class TaskFailedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>For programs: lower case with underscores.</summary>
    public string Code { get; } = code;
}
