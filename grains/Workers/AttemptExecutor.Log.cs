using Microsoft.Extensions.Logging;
using MorningAI.Tasks;

namespace MorningAI.Workers;

internal sealed partial class AttemptExecutor
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {TaskId}: attempt {Attempt} of kind {Kind} failed")]
    private partial void LogFailed(Exception exception, TaskId taskId, AttemptRef attempt, TaskKind kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {TaskId}: attempt {Attempt} ignored its cancellation and is abandoned; the handler of kind {Kind} still holds its resources")]
    private partial void LogAbandoned(TaskId taskId, AttemptRef attempt, TaskKind kind);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {TaskId}: the abandoned attempt {Attempt} has ended")]
    private partial void LogAbandonedEnded(Exception? exception, TaskId taskId, AttemptRef attempt);
}
