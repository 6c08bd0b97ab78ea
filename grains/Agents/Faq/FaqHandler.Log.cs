using Microsoft.Extensions.Logging;

namespace MorningAI.Agents.Faq;

public sealed partial class FaqHandler
{
    [LoggerMessage(LogLevel.Warning, "Answering without the knowledge: {Reason}")]
    private static partial void LogNoKnowledge(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "{Model} could not be used ({Reason}; {Exception}). The built-in writer answers instead.")]
    private static partial void LogFallback(ILogger logger, string model, string reason, string? exception);
}
