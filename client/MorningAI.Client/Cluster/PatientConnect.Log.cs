using Microsoft.Extensions.Logging;

namespace MorningAI.Client.Cluster;

internal sealed partial class PatientConnect
{
    [LoggerMessage(1, LogLevel.Warning, "Waiting for a silo of cluster {ClusterId} at {Source}, {Seconds} s so far: {Reason}")]
    private partial void LogWaiting(string clusterId, string source, long seconds, string reason);
}
