using Microsoft.Extensions.Logging;

namespace MorningAI.Client.Cluster;

internal sealed partial class RememberedGateways
{
    [LoggerMessage(1, LogLevel.Warning, "The silos cannot be listed from {Source} now; going on with the {Count} gateways known before")]
    private partial void LogRemembering(Exception? fault, string source, int count);

    [LoggerMessage(2, LogLevel.Information, "The silos are listed from {Source} again: {Count} gateways")]
    private partial void LogFoundAgain(string source, int count);
}
