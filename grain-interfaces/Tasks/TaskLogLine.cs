namespace MorningAI.Tasks;

/// <summary>How much a log line matters.</summary>
/// <remarks>Stored by number: values are only ever appended.</remarks>
[GenerateSerializer, Alias("mai.TaskLogLevel")]
public enum TaskLogLevel : byte
{
    Debug = 0,
    Info = 1,
    Warning = 2,
    Error = 3,
}

/// <summary>What a handler wrote down for whoever looks at its task. Kept with the task, within <see cref="TaskTrail"/>'s bounds.</summary>
/// <param name="At">By the worker's clock, made so that no two lines of an attempt have the same: with the attempt it is the line's number.</param>
[GenerateSerializer, Immutable, Alias("mai.TaskLogLine")]
public sealed record TaskLogLine(
    [property: Id(0)] int Attempt,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] TaskLogLevel Level,
    [property: Id(3)] string Text)
{
    public LogMark Mark => new(Attempt, At.UtcTicks);
}

/// <summary>A place among a task's log lines: attempts in order, and the moments within one.</summary>
[GenerateSerializer, Immutable, Alias("mai.LogMark")]
public readonly record struct LogMark([property: Id(0)] int Attempt, [property: Id(1)] long Ticks) : IComparable<LogMark>
{
    public int CompareTo(LogMark other) => Attempt != other.Attempt ? Attempt.CompareTo(other.Attempt) : Ticks.CompareTo(other.Ticks);

    public static bool operator <(LogMark left, LogMark right) => left.CompareTo(right) < 0;

    public static bool operator >(LogMark left, LogMark right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogMark left, LogMark right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogMark left, LogMark right) => left.CompareTo(right) >= 0;
}

public static class TaskLogLevels
{
    /// <summary>The level's name on every wire and screen: lower case. A level of a later version is shown by its number.</summary>
    public static string WireName(this TaskLogLevel level) => level.ToString().ToLowerInvariant();
}
