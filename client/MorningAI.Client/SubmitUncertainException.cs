using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>
/// The submission was sent and no answer came in time: the task may exist. Submit again with <see cref="SubmitOptions.Id"/>
/// set to <see cref="TaskId"/>: that makes at most the one task, and returns its receipt.
/// </summary>
/// <param name="taskId">The task's id, if it exists.</param>
/// <param name="message">What happened.</param>
public sealed class SubmitUncertainException(TaskId taskId, string message) : Exception(message)
{
    /// <summary>The task's id, if it exists.</summary>
    public TaskId TaskId { get; } = taskId;
}
