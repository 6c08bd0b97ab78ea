using Microsoft.Extensions.Logging;

namespace MorningAI.Agents.Knowledge;

public sealed partial class KnowledgeBase
{
    [LoggerMessage(LogLevel.Information, "Indexed the knowledge in {Directory}: {Files} files, {Sections} sections.")]
    private static partial void LogIndexed(ILogger logger, string directory, int files, int sections);

    [LoggerMessage(LogLevel.Warning, "Left out {File}: {Bytes} bytes are more than the {Limit} that a file of the knowledge may have.")]
    private static partial void LogTooLarge(ILogger logger, string file, long bytes, int limit);
}
