using Microsoft.Extensions.Logging;
using MorningAI.Workers;

namespace MorningAI.Tasks;

internal sealed partial class TaskGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {TaskId}: the result of attempt {Attempt} is refused, the task is {State}")]
    private partial void LogStale(TaskId taskId, AttemptRef attempt, TaskState state);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {TaskId} was given back by {Worker} ({Reason}) and is {State}")]
    private partial void LogGivenBack(TaskId taskId, WorkerId worker, GiveBackReason reason, TaskState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {TaskId}: version {Version} conflicts with what is stored; this activation goes")]
    private partial void LogConflict(TaskId taskId, long version);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {TaskId}: could not tell {Whom} of the cancellation: {Reason}")]
    private partial void LogNotTold(TaskId taskId, string whom, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {TaskId}: its queue does not answer ({Reason}); it is asked again with the next call")]
    private partial void LogNotMet(TaskId taskId, string reason);
}
