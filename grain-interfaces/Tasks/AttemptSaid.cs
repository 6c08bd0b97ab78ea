using System.Collections.Immutable;

namespace MorningAI.Tasks;

/// <summary>What a running attempt says meanwhile. Saying it again is harmless: lines and text have their place.</summary>
[GenerateSerializer, Immutable, Alias("mai.AttemptSaid")]
public sealed record AttemptSaid
{
    [Id(0)] public ImmutableArray<TaskLogLine> Lines { get; init; } = [];

    /// <summary>Lines that the worker dropped before these.</summary>
    [Id(1)] public int Dropped { get; init; }

    [Id(2)] public StreamedText? Text { get; init; }
}

/// <summary>A piece of what an attempt streams.</summary>
/// <param name="Epoch">Grows with each start of the text within an attempt, and from worker to worker: milliseconds.</param>
/// <param name="Offset">UTF-16 characters before it.</param>
[GenerateSerializer, Immutable, Alias("mai.StreamedText")]
public sealed record StreamedText([property: Id(0)] long Epoch, [property: Id(1)] long Offset, [property: Id(2)] string Text)
{
    public long End => Offset + Text.Length;
}
