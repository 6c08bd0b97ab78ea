using System.Collections.Immutable;

namespace MorningAI.Tasks;

/// <summary>What a task leaves behind beside its history. A task that logs nothing has none.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskTrail")]
public sealed record TaskTrail
{
    /// <summary>The record is written as a whole with each change of the task, so its log is for the few lines that people read.</summary>
    public const int MaxLines = 200;

    /// <summary>Characters of all lines together.</summary>
    public const int MaxCharacters = 32_768;

    /// <summary>Characters of one line; the rest is cut.</summary>
    public const int MaxLineLength = 1000;

    /// <summary>The newest, in order.</summary>
    [Id(0)] public ImmutableArray<TaskLogLine> Lines { get; init; } = [];

    /// <summary>Older lines that made room.</summary>
    [Id(1)] public int Dropped { get; init; }

    /// <summary>The last of those: whoever has seen it has missed none.</summary>
    [Id(2)] public LogMark LastDropped { get; init; }

    /// <summary>Lines of the history that made room, from its middle.</summary>
    [Id(3)] public int HistoryDropped { get; init; }
}
