using Microsoft.Extensions.Logging;

namespace MorningAI.Storage;

internal sealed partial class DurableRecords
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Write-behind of {Key} version {Version} refused: another activation has written since")]
    private partial void LogConflict(RecordKey key, long version);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Key} cannot be read and is set aside with its bytes (morningai journal quarantine): {Reason}")]
    private partial void LogQuarantined(RecordKey key, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Write-behind of {Key} version {Version} failed: {Reason}")]
    private partial void LogNotWritten(RecordKey key, long version, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What Redis has that is newer than this silo's journal could not be journaled ({Reason}); it is tried again")]
    private partial void LogNotKept(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was to be written of {Key} could not be put together ({Reason}): its next write has all of it")]
    private partial void LogNotMade(RecordKey key, string reason);
}
