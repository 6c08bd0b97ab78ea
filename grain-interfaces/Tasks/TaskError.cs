namespace MorningAI.Tasks;

/// <summary>Why an attempt or a task failed. <see cref="Code"/> is for programs, <see cref="Message"/> for people; no stack trace.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskError")]
public sealed record TaskError([property: Id(0)] string Code, [property: Id(1)] string Message)
{
    /// <summary>The handler threw.</summary>
    public const string HandlerFailed = "handler_failed";

    /// <summary>The attempt ran longer than it may.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>Its workers died under it too often.</summary>
    public const string WorkersLost = "workers_lost";

    /// <summary>No worker here knows the kind.</summary>
    public const string UnknownKind = "unknown_kind";

    /// <summary>The handler cannot read the payload, or its result cannot be stored.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A step's result, or all of a task's together, are larger than may be.</summary>
    public const string StepTooLarge = "step_too_large";

    /// <summary>The attempt went on after another had taken its place; nobody sees this but the log.</summary>
    public const string Superseded = "superseded";

    /// <summary>Its deadline passed before it had succeeded.</summary>
    public const string DeadlineExceeded = "deadline_exceeded";

    /// <summary>It was deleted: nothing of it is left but that it ended.</summary>
    public const string Deleted = "deleted";

    /// <summary>A person or a program asked for the end.</summary>
    public const string Cancelled = "cancelled";
}
