using MorningAI.Intake;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>The submission is wrong, and the message says how to mend it. The task does not exist and never will.</summary>
/// <param name="taskId">The id that the task would have had.</param>
/// <param name="reason">What is wrong, for programs.</param>
/// <param name="message">What is wrong, for people.</param>
public sealed class TaskRefusedException(TaskId taskId, RefusalReason reason, string message) : Exception(message)
{
    /// <summary>The id that the task would have had.</summary>
    public TaskId TaskId { get; } = taskId;

    /// <summary>What is wrong, for programs.</summary>
    public RefusalReason Reason { get; } = reason;
}
