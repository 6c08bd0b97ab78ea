using Microsoft.Extensions.Logging;

namespace MorningAI.Storage;

internal sealed partial class TagStream
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Data loss: {Tag} is at {Cursor} in the store, which had confirmed {Confirmed}. It is put back from the journal")]
    private partial void LogDataLoss(string tag, long cursor, long confirmed);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store holds something at {Key} that is not a record of this version. It is left as it is, and what this silo has is not written there. Does another program, or a newer version, use this service id?")]
    private partial void LogForeign(RecordKey key);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Tag}: the store failed in a way that has no name. The journal acknowledges until it was asked again")]
    private partial void LogFailed(Exception exception, string tag);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Tag}: {Count} records were replayed from the journal")]
    private partial void LogReplayed(string tag, long count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Tag}: offline ({Fault}); {Count} writes are acknowledged by the journal")]
    private partial void LogOffline(string tag, StoreFault fault, int count);
}
