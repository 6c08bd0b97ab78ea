using System.Collections.Frozen;

namespace MorningAI.Tasks;

/// <summary>The one table of allowed moves between states. The README's diagram is tested against it.</summary>
public static class TaskTransitions
{
    /// <summary>Every allowed move. A task is born scheduled, queued or blocked.</summary>
    public static readonly FrozenSet<(TaskState From, TaskState To)> Allowed = new[]
    {
        (TaskState.Scheduled, TaskState.Queued),
        (TaskState.Scheduled, TaskState.Cancelled),
        (TaskState.Scheduled, TaskState.Failed),
        (TaskState.Blocked, TaskState.Queued),
        (TaskState.Blocked, TaskState.Scheduled),
        (TaskState.Blocked, TaskState.Failed),
        (TaskState.Blocked, TaskState.Cancelled),
        (TaskState.Queued, TaskState.Running),
        (TaskState.Queued, TaskState.Cancelled),
        (TaskState.Queued, TaskState.Failed),
        (TaskState.Running, TaskState.Succeeded),
        (TaskState.Running, TaskState.Failed),
        (TaskState.Running, TaskState.Cancelled),
        (TaskState.Running, TaskState.Queued),
        (TaskState.Running, TaskState.Scheduled),
        (TaskState.Running, TaskState.Dead),
    }.ToFrozenSet();

    public static readonly FrozenSet<TaskState> Born =
        new[] { TaskState.Scheduled, TaskState.Queued, TaskState.Blocked }.ToFrozenSet();

    public static bool IsAllowed(TaskState from, TaskState to) => Allowed.Contains((from, to));

    /// <summary>A terminal state never changes by itself, and no message about an attempt changes it.</summary>
    public static bool IsTerminal(this TaskState state) => state >= TaskState.Succeeded;

    /// <summary>The state's name on every wire and screen: lower case.</summary>
    public static string WireName(this TaskState state) => state switch
    {
        TaskState.Scheduled => "scheduled",
        TaskState.Queued => "queued",
        TaskState.Blocked => "blocked",
        TaskState.Running => "running",
        TaskState.Succeeded => "succeeded",
        TaskState.Failed => "failed",
        TaskState.Cancelled => "cancelled",
        TaskState.Dead => "dead",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a task state of this version."),
    };
}
