namespace MorningAI.Cli.Bench.Measures;

/// <summary>What one run of one system showed, by the names in <see cref="Figure"/>. What was not measured is not in it.</summary>
internal sealed class RunFigures
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, double> Values => _values;

    public double? this[string figure] => _values.TryGetValue(figure, out var value) ? value : null;

    public RunFigures Set(string figure, double? value)
    {
        if (value is { } v && double.IsFinite(v))
            _values[figure] = v;
        return this;
    }

    /// <summary>p50, p99 and p99.9 of times in microseconds, as milliseconds.</summary>
    public void SetLatencies(string figure, IReadOnlyCollection<double> micros)
    {
        foreach (var (suffix, fraction) in Figure.Percentiles)
            Set(figure + suffix, Statistics.Percentile(micros, fraction) / 1000);
    }
}
