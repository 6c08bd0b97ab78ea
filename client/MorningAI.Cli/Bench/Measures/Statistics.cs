namespace MorningAI.Cli.Bench.Measures;

/// <summary>Medians, percentiles and spread.</summary>
internal static class Statistics
{
    /// <summary>The middle one, or the mean of the middle two.</summary>
    /// <returns>Null of nothing.</returns>
    public static double? Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest value that this fraction of the values does not exceed (nearest rank).</summary>
    /// <returns>Null of nothing.</returns>
    public static double? Percentile(IEnumerable<double> values, double fraction)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? null : sorted[Math.Max(0, (int)Math.Ceiling(fraction * sorted.Length) - 1)];
    }

    /// <returns>Null of nothing.</returns>
    public static Spread? SpreadOf(IReadOnlyCollection<double> values) => values.Count == 0 ? null : new Spread(values.Min(), values.Max());
}

internal sealed record Spread(double Min, double Max);
