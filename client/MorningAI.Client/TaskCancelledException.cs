using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>The awaited task was cancelled. No <see cref="OperationCanceledException"/>: the waiting was not.</summary>
/// <param name="task">The task as it ended.</param>
public sealed class TaskCancelledException(TaskSnapshot task) : Exception(task.Error?.Message ?? $"Task {task.Id} was cancelled.")
{
    /// <summary>The task as it ended.</summary>
    public TaskSnapshot Task { get; } = task;

    /// <summary>For programs; <see cref="TaskError.Cancelled"/> unless it says more.</summary>
    public string Code { get; } = task.Error?.Code ?? TaskError.Cancelled;
}
