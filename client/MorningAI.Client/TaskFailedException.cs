using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>The awaited task failed for good: with an error that is not retried, or with its attempts used up.</summary>
/// <param name="task">The task as it ended.</param>
public sealed class TaskFailedException(TaskSnapshot task) : Exception(task.Error?.Message ?? $"Task {task.Id} ended as {task.State} and gave no reason.")
{
    /// <summary>The task as it ended; <see cref="TaskState.Dead"/> where its attempts were used up.</summary>
    public TaskSnapshot Task { get; } = task;

    /// <summary>For programs: the handler's own code, or one of <see cref="TaskError"/>'s.</summary>
    public string Code { get; } = task.Error?.Code ?? TaskError.HandlerFailed;
}
