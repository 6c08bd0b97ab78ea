using System.Text.Json.Serialization;

namespace MorningAI.Cli.Chaos.Soak;

/// <summary>A run's first quarter beside its last: medians over the moments, of one silo. Null: it was not read in one of the two.</summary>
internal sealed record SoakFindings
{
    /// <summary>How often all processes were looked at.</summary>
    public required int Moments { get; init; }

    public SoakFigure? ResidentBytes { get; init; }
    public SoakFigure? HeapBytes { get; init; }
    public SoakFigure? Handles { get; init; }
    public SoakFigure? Threads { get; init; }
    public SoakFigure? Activations { get; init; }
    public SoakFigure? Timers { get; init; }
    public SoakFigure? JournalBytes { get; init; }
    public SoakFigure? RedisKeys { get; init; }
    public SoakFigure? RedisMemoryBytes { get; init; }

    /// <summary>Of acknowledged submits that no fault fell on; no median, but the quarter's own.</summary>
    public SoakFigure? SubmitP99Ms { get; init; }

    /// <summary>By the names that people read.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, SoakFigure? Figure)> Figures =>
    [
        ("memory", ResidentBytes),
        ("heap", HeapBytes),
        ("handles", Handles),
        ("threads", Threads),
        ("activations", Activations),
        ("timers", Timers),
        ("journal", JournalBytes),
        ("redis keys", RedisKeys),
        ("redis memory", RedisMemoryBytes),
        ("submit p99", SubmitP99Ms),
    ];
}

/// <param name="Ratio">The last by the first; null where the first is 0.</param>
internal sealed record SoakFigure(double First, double Last, double? Ratio)
{
    /// <returns>Null where one of them is missing.</returns>
    public static SoakFigure? Of(double? first, double? last) => first is { } from && last is { } to
        ? new SoakFigure(Math.Round(from, 3), Math.Round(to, 3), from == 0 ? null : Math.Round(to / from, 3))
        : null;
}
