namespace MorningAI.Client;

/// <summary>The schedule is wrong, and the message says how to mend it. Nothing was stored or changed.</summary>
/// <param name="field">The field that is wrong, by its name in the HTTP API.</param>
/// <param name="message">What is wrong, for people.</param>
public sealed class ScheduleRefusedException(string field, string message) : Exception(message)
{
    /// <summary>The field that is wrong: cron, zone, kind, payload, queue, priority, timeout_seconds, misfire or overlap.</summary>
    public string Field { get; } = field;
}
