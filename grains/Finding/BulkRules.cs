using MorningAI.Intake;
using MorningAI.Tasks;

namespace MorningAI.Finding;

/// <summary>What a bulk action does with one task.</summary>
internal static class BulkRules
{
    /// <summary>Whether there is anything to be done with a task of that state.</summary>
    public static bool Applies(BulkAction action, TaskState state) => action switch
    {
        BulkAction.Cancel => !state.IsTerminal(),
        BulkAction.Retry => state is TaskState.Scheduled or TaskState.Failed or TaskState.Dead or TaskState.Cancelled,
        BulkAction.Delete => state.IsTerminal(),
        _ => false,
    };

    /// <returns>The task that it was done with, or that does it anew; null where it was too late.</returns>
    public static async Task<TaskId?> Do(ITaskGrain task, TaskId id, BulkAction action, string? reason) => action switch
    {
        BulkAction.Cancel => (await task.Cancel(reason)).Cancelled ? id : null,
        BulkAction.Delete => (await task.Delete()).Deleted ? id : null,
        BulkAction.Retry => await task.Retry() switch
        {
            RetryHastened => id,
            RetryResubmitted { Outcome: TaskAccepted accepted } => accepted.Receipt.TaskId,
            RetryResubmitted { Outcome: StoreUnavailable or SubmitUncertain } => throw new StoreUnavailableException("The new task could not be stored now."),
            _ => null,
        },
        _ => null,
    };
}
