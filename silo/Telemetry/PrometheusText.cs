using System.Globalization;
using System.Text;

namespace MorningAI.Silo.Telemetry;

/// <summary>The text format of Prometheus, 0.0.4. Names: dots become underscores, the unit is added, counters end in <c>_total</c>.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    public static string Name(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var c in name)
            text.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        return text.ToString();
    }

    public static string LabelValue(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>As Prometheus knows the instrument.</summary>
    public static string NameOf(string name, string? unit, SeriesKind kind)
    {
        var text = Name(name);
        var suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!text.EndsWith(suffix, StringComparison.Ordinal))
            text += suffix;
        return kind == SeriesKind.Counter && !text.EndsWith("_total", StringComparison.Ordinal) ? text + "_total" : text;
    }

    public void Add(InstrumentSeries series)
    {
        var name = NameOf(series.Instrument.Name, series.Instrument.Unit, series.Kind);
        Head(name, series.Instrument.Description, series.Kind);
        foreach (var (labels, cell) in series.Cells())
        {
            var (value, counts, count) = cell.Read();
            if (series.Kind != SeriesKind.Histogram)
            {
                Sample(name, labels, value);
                continue;
            }

            var below = 0L;
            for (var i = 0; i < counts.Length; i++)
                Sample($"{name}_bucket", Join(labels, $"le=\"{Number(series.Bounds[i])}\""), below += counts[i]);
            Sample($"{name}_bucket", Join(labels, "le=\"+Inf\""), count);
            Sample($"{name}_sum", labels, value);
            Sample($"{name}_count", labels, count);
        }
    }

    /// <param name="samples">Labels, as <c>queue="faq"</c>, and values.</param>
    public void Gauge(string name, string help, IEnumerable<(string Labels, double Value)> samples)
    {
        Head(name, help, SeriesKind.Gauge);
        foreach (var (labels, value) in samples)
            Sample(name, labels, value);
    }

    public override string ToString() => _text.ToString();

    private void Head(string name, string? help, SeriesKind kind)
    {
        if (help is { Length: > 0 })
            _text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(kind.ToString().ToLowerInvariant()).Append('\n');
    }

    private void Sample(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Join(string labels, string more) => labels.Length > 0 ? $"{labels},{more}" : more;

    private static string Number(double value) => double.IsNaN(value) ? "NaN" : value.ToString("R", CultureInfo.InvariantCulture);
}
