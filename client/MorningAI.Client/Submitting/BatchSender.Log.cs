using Microsoft.Extensions.Logging;
using MorningAI.Tasks;

namespace MorningAI.Client.Submitting;

internal sealed partial class BatchSender
{
    [LoggerMessage(1, LogLevel.Warning, "{Count} submissions were not settled by call {Failures}; sending them again with the same ids in {PauseMs} ms: {Reason}")]
    private partial void LogRepeating(int count, int failures, double pauseMs, string reason);

    [LoggerMessage(2, LogLevel.Warning, "A call with {Count} submissions failed; sending halves to find the one at fault")]
    private partial void LogIsolating(Exception fault, int count);

    [LoggerMessage(3, LogLevel.Error, "Submitting task {TaskId} failed")]
    private partial void LogFailed(Exception fault, TaskId taskId);
}
