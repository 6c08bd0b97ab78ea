using System.Text.Encodings.Web;
using System.Text.Json;
using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Bench.Systems;

namespace MorningAI.Cli.Bench.Report;

/// <summary>What a bench found; one JSON object with <c>--json</c>. Null is what was not measured.</summary>
internal sealed record BenchReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required int Number { get; init; }
    public required int PayloadBytes { get; init; }
    public required int Runs { get; init; }
    public required Machine Machine { get; init; }

    /// <summary>By name, ours first.</summary>
    public required IReadOnlyDictionary<string, SystemReport> Systems { get; init; }

    /// <summary>Peers that could not be had, and why.</summary>
    public required IReadOnlyDictionary<string, string> Skipped { get; init; }

    public required IReadOnlyDictionary<string, RatioReport> Ratios { get; init; }
    public required double Seconds { get; init; }

    /// <param name="runs">By system, run by run.</param>
    public static BenchReport Of(
        BenchSettings settings,
        Machine machine,
        IEnumerable<BenchSystem> systems,
        IReadOnlyDictionary<string, List<RunFigures>> runs,
        IReadOnlyDictionary<string, string> skipped,
        TimeSpan took)
    {
        var all = runs.ToDictionary(r => r.Key, r => (IReadOnlyList<RunFigures>)r.Value, StringComparer.Ordinal);
        return new BenchReport
        {
            Number = settings.Number,
            PayloadBytes = settings.PayloadBytes,
            Runs = settings.Runs,
            Machine = machine,
            Systems = systems.ToDictionary(s => s.Name, s => SystemReport.Of(s, all[s.Name])),
            Skipped = skipped,
            Ratios = Bar.All.Select(bar => bar.Judge(all)).ToDictionary(j => j.Bar.Name, RatioReport.Of),
            Seconds = Math.Round(took.TotalSeconds, 1),
        };
    }

    /// <summary>On one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

internal sealed record SystemReport(
    string Version,
    IReadOnlyList<string> Configuration,
    IReadOnlyDictionary<string, double> Medians,
    IReadOnlyDictionary<string, Spread> Spread)
{
    public static SystemReport Of(BenchSystem system, IReadOnlyList<RunFigures> runs)
    {
        var byFigure = runs.SelectMany(run => run.Values).GroupBy(v => v.Key, v => v.Value)
            .ToDictionary(g => g.Key, g => g.ToArray());
        return new SystemReport(
            system.Version,
            system.Configuration,
            byFigure.ToDictionary(f => f.Key, f => Rounded.Of(Statistics.Median(f.Value)!.Value)),
            byFigure.ToDictionary(f => f.Key, f => new Spread(Rounded.Of(f.Value.Min()), Rounded.Of(f.Value.Max()))));
    }
}

/// <param name="Is"><c>atLeast</c> or <c>atMost</c>: how the value should be to the bar.</param>
/// <param name="Against">The peer; null where the value is ours alone.</param>
internal sealed record RatioReport(double? Value, double Bar, string Is, bool? Met, string? Against, Spread? Spread)
{
    public static RatioReport Of(Judgement judgement) => new(
        judgement.Value is { } value ? Rounded.Of(value) : null,
        judgement.Bar.Value,
        judgement.Bar.AtLeast ? "atLeast" : "atMost",
        judgement.Met,
        judgement.Bar.Peer,
        judgement.Spread is { } s ? new Spread(Rounded.Of(s.Min), Rounded.Of(s.Max)) : null);
}

internal static class Rounded
{
    /// <summary>To four digits that matter; whole numbers stay whole.</summary>
    public static double Of(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value;
        var digits = 3 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return digits <= 0 ? Math.Round(value) : Math.Round(value, Math.Min(digits, 15));
    }
}
