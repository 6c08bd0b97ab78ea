using Microsoft.Extensions.Logging;
using MorningAI.Tasks;

namespace MorningAI.Workers;

internal sealed partial class AttemptRunner
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: {Running} attempts run, {Waiting} tasks are handed back")]
    private partial void LogDraining(int running, int waiting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The grace period is over: {Count} running tasks are handed back")]
    private partial void LogHandingBack(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {TaskId} could not be begun and goes back to its queue: {Reason}")]
    private partial void LogNotBegun(TaskId taskId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Task {TaskId}: {Answer} is not an answer that this version knows; it goes back to its queue")]
    private partial void LogUnknownAnswer(TaskId taskId, string answer);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {TaskId}: what attempt {Attempt} reported was refused, the task is {State}")]
    private partial void LogRefused(TaskId taskId, AttemptRef attempt, TaskState? state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {TaskId}: the end of attempt {Attempt} is not stored yet ({Reason}); next try in {Pause}")]
    private partial void LogNotSettled(TaskId taskId, AttemptRef attempt, string reason, TimeSpan pause);
}
