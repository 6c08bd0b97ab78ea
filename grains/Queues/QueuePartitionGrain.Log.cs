using Microsoft.Extensions.Logging;
using MorningAI.Workers;

namespace MorningAI.Queues;

internal sealed partial class QueuePartitionGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition} rebuilt: {Waiting} waiting, {Running} running")]
    private partial void LogRebuilt(PartitionId partition, int waiting, int running);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Partition}: {Worker} is lost with {Count} tasks, which are given back")]
    private partial void LogWorkerLost(PartitionId partition, WorkerId worker, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition}: the store could not be told which silos are dead ({Reason})")]
    private partial void LogNotFenced(PartitionId partition, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition}: pushing {Count} tasks to {Worker} had no answer ({Reason}); it will be asked what it holds")]
    private partial void LogPushInDoubt(PartitionId partition, WorkerId worker, int count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition}: the worker registry did not answer ({Reason})")]
    private partial void LogNoRegistry(PartitionId partition, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition}: {Worker} does not have {Count} tasks that it was to have; they are given back")]
    private partial void LogMissed(PartitionId partition, WorkerId worker, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition}: {Worker} did not answer ({Reason})")]
    private partial void LogNotAttached(PartitionId partition, WorkerId worker, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition}: {Worker} could not be told that the queue has come up ({Reason}); until it is, all tasks go by way of their grains")]
    private partial void LogNotIntroduced(PartitionId partition, WorkerId worker, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Partition}: task {Task} could not be given back by {Worker} yet ({Reason})")]
    private partial void LogNotGivenBack(PartitionId partition, Guid task, WorkerId worker, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Partition}: task {Task} could not be asked who runs it ({Reason})")]
    private partial void LogNotClaimed(PartitionId partition, Guid task, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Partition}: task {Task}, whose key is verified, could not be released yet ({Reason})")]
    private partial void LogNotVerified(PartitionId partition, Guid task, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Partition} cannot compare itself with the store now: {Reason}")]
    private partial void LogSweepFailed(PartitionId partition, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Partition} cannot count its stored tasks now: {Reason}")]
    private partial void LogNotCounted(PartitionId partition, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Queue {Partition}: a tick failed; the next one tries again")]
    private partial void LogTickFailed(Exception exception, PartitionId partition);
}
