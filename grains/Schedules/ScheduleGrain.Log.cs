using Microsoft.Extensions.Logging;
using MorningAI.Tasks;

namespace MorningAI.Schedules;

internal sealed partial class ScheduleGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedule {Schedule}: what was due up to {Due} was missed, and is skipped as its misfire policy says")]
    private partial void LogMissed(ScheduleName schedule, DateTimeOffset due);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Schedule {Schedule}: the task due at {Due} was refused: {Reason}")]
    private partial void LogRefused(ScheduleName schedule, DateTimeOffset due, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Schedule {Schedule} comes due no more: {Reason}")]
    private partial void LogUnreadable(ScheduleName schedule, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} was triggered and made task {TaskId}, which it could not note down: {Reason}")]
    private partial void LogNotKept(ScheduleName schedule, TaskId taskId, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} is removed; the directory could not be told ({Reason}) and asks when it would be due")]
    private partial void LogStillListed(ScheduleName schedule, string reason);
}
