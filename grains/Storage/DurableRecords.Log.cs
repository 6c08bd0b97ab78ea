using Microsoft.Extensions.Logging;

namespace MorningAI.Storage;

internal sealed partial class DurableRecords
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Write-behind of {Key} version {Version} refused: another activation has written since")]
    private partial void LogConflict(RecordKey key, long version);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Write-behind of {Key} version {Version} failed: {Reason}")]
    private partial void LogNotWritten(RecordKey key, long version, string reason);
}
