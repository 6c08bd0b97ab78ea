namespace MorningAI.Tasks;

/// <summary>Where a task stands. The allowed moves are in <see cref="TaskTransitions"/>; the README draws them.</summary>
/// <remarks>Stored by number: values are only ever appended.</remarks>
[GenerateSerializer, Alias("mai.TaskState")]
public enum TaskState : byte
{
    /// <summary>Waits for a time: a delay, a due time, or the pause before a retry.</summary>
    Scheduled = 0,

    /// <summary>Ready: the next free worker takes it.</summary>
    Queued = 1,

    /// <summary>Held by something other than time or workers: an approval, a dependency, a budget, an unverified key.</summary>
    Blocked = 2,

    /// <summary>An attempt is under way on a worker.</summary>
    Running = 3,

    /// <summary>Finished, with a result. Terminal.</summary>
    Succeeded = 4,

    /// <summary>Finished, with an error that is not retried. Terminal.</summary>
    Failed = 5,

    /// <summary>Ended on request. Terminal.</summary>
    Cancelled = 6,

    /// <summary>In the dead-letter list: every attempt was used up. Terminal; a retry by hand is a new task.</summary>
    Dead = 7,
}
