using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>The id is known not to exist: it never did, or the task ended so long ago that it is no longer kept.</summary>
/// <param name="taskId">The id.</param>
public sealed class TaskNotFoundException(TaskId taskId) : Exception($"There is no task {taskId}: check the id; a task that ended long ago is no longer kept.")
{
    /// <summary>The id.</summary>
    public TaskId TaskId { get; } = taskId;
}
