namespace MorningAI.Handlers;

/// <summary>Thrown by a handler to fail its attempt with a code of its own beside the message.</summary>
public sealed class TaskFailedException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>For programs: lower case with underscores.</summary>
    public string Code { get; } = code;

    /// <summary>Another attempt would fail alike: the task fails now, whatever its retry policy says.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The least pause before the next attempt, where one is left; null for the policy's own. At most <see cref="MorningAI.Tasks.RetryPolicy.LongestPause"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
