using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Bench.Systems;

namespace MorningAI.Cli.Bench.Report;

/// <summary>What a figure of ours is held to: itself, or its ratio to a peer's or to another of our own.</summary>
/// <param name="Peer">Whose; null for our own.</param>
/// <param name="To">Its ratio to this figure; null for the figure itself.</param>
internal sealed record Bar(string Name, string Figure, string? Peer, string? To, double Value, bool AtLeast)
{
    public static IReadOnlyList<Bar> All { get; } =
    [
        new("submit", Measures.Figure.Submit, BullMq.SystemName, Measures.Figure.Submit, 1.0, AtLeast: true),
        new("submitBulk", Measures.Figure.SubmitBulk, Sidekiq.SystemName, Measures.Figure.SubmitBulk, 1.0, AtLeast: true),
        new("drain", Measures.Figure.Drain, BullMq.SystemName, Measures.Figure.Drain, 2.0, AtLeast: true),
        new("idleP50", Measures.Figure.IdleP50, BullMq.SystemName, Measures.Figure.IdleP50, 0.5, AtLeast: false),
        new("idleP99", Measures.Figure.IdleP99, BullMq.SystemName, Measures.Figure.IdleP99, 0.5, AtLeast: false),
        new("redisDown", Measures.Figure.RedisDown, null, Measures.Figure.RedisUp, 0.8, AtLeast: true),
        new("backlogMillion", Measures.Figure.BacklogMillion, null, Measures.Figure.BacklogSmall, 0.9, AtLeast: true),
        new("bytesPerWaitingTask", Measures.Figure.WorkerBytesWaiting, null, null, 200, AtLeast: false),
        new("redisCommandsPerTask", Measures.Figure.RedisCommands, BullMq.SystemName, Measures.Figure.RedisCommands, 0.5, AtLeast: false),
        new("startSeconds", Measures.Figure.StartSeconds, null, null, 2, AtLeast: false),
    ];

    /// <summary>The median over the runs of what is held against the bar; ratios are taken within one run, where the machine was the same.</summary>
    /// <param name="runs">By system, run by run.</param>
    public Judgement Judge(IReadOnlyDictionary<string, IReadOnlyList<RunFigures>> runs)
    {
        var ours = runs[MorningAISystem.SystemName];
        IReadOnlyList<RunFigures>? others = Peer is null ? ours : runs.GetValueOrDefault(Peer);
        double?[] values = To is null
            ? [.. ours.Select(run => run[Figure])]
            : [.. ours.Zip(others ?? [], (our, other) => our[Figure] / other[To])];
        var known = values.OfType<double>().Where(double.IsFinite).ToArray();
        return new Judgement(this, Statistics.Median(known), Statistics.SpreadOf(known));
    }
}

/// <param name="Value">Null where it was not measured.</param>
internal sealed record Judgement(Bar Bar, double? Value, Spread? Spread)
{
    /// <summary>Null where it was not measured.</summary>
    public bool? Met => Value is { } value ? (Bar.AtLeast ? value >= Bar.Value : value <= Bar.Value) : null;
}
