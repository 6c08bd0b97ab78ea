using MorningAI.Cli.Bench.Measures;

namespace MorningAI.Cli.Bench;

/// <summary>What a bench was asked to do.</summary>
internal sealed record BenchSettings
{
    /// <summary>The peers to compare with; null for all that can be had.</summary>
    public IReadOnlyList<string>? Versus { get; init; }

    /// <summary>Tasks of one measure. Default: 20,000.</summary>
    public int Number { get; init; } = 20_000;

    /// <summary>Bytes of a task's payload. Default: 200.</summary>
    public int PayloadBytes { get; init; } = 200;

    /// <summary>Default: 5.</summary>
    public int Runs { get; init; } = 5;

    /// <summary>Default: all but the million.</summary>
    public Measure Measures { get; init; } = Measure.All;

    /// <summary>One by one and again in bulk, in each round of a warm-up.</summary>
    public int WarmUpTasks => Math.Max(Number / 2, 2500);

    /// <summary>Tasks that are sent one at a time through a system with nothing to do.</summary>
    public int IdleTasks => Math.Clamp(Number / 20, 100, 1000);
}
