using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace MorningAI.Silo.Telemetry;

/// <summary>What a metric is to Prometheus.</summary>
internal enum SeriesKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One instrument's values, by its labels.</summary>
internal sealed class InstrumentSeries(Instrument instrument, int most)
{
    private readonly ConcurrentDictionary<string, Cell> _cells = new();
    private readonly Cell _plain = new();
    private volatile bool _hasPlain;

    public Instrument Instrument { get; } = instrument;

    public SeriesKind Kind { get; } = instrument.GetType().GetGenericTypeDefinition() switch
    {
        var t when t == typeof(Histogram<>) => SeriesKind.Histogram,
        var t when t == typeof(Counter<>) || t == typeof(ObservableCounter<>) => SeriesKind.Counter,
        _ => SeriesKind.Gauge,
    };

    /// <summary>A counter that is asked says its sum, one that is told says what came.</summary>
    private bool IsSum => Kind == SeriesKind.Counter && !Instrument.IsObservable;

    /// <summary>Upper bounds: of seconds from a millisecond to five minutes, of anything else powers of two.</summary>
    public double[] Bounds { get; } = instrument.Unit == "s"
        ? [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
        : [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var cell = _plain;
        if (tags.IsEmpty)
            _hasPlain = true;
        else
            cell = CellOf(Labels(tags));
        cell.Record(value, IsSum, Kind == SeriesKind.Histogram ? Bounds : null);
    }

    public IEnumerable<(string Labels, Cell Cell)> Cells()
    {
        if (_hasPlain)
            yield return ("", _plain);
        foreach (var (labels, cell) in _cells.OrderBy(c => c.Key, StringComparer.Ordinal))
            yield return (labels, cell);
    }

    private Cell CellOf(string labels)
    {
        if (_cells.TryGetValue(labels, out var cell))
            return cell;
        if (_cells.Count < most)
            return _cells.GetOrAdd(labels, static _ => new Cell());
        _hasPlain = true;
        return _plain;
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags)
            text.Append(text.Length > 0 ? "," : "").Append(PrometheusText.Name(name)).Append("=\"").Append(PrometheusText.LabelValue($"{value}")).Append('"');
        return text.ToString();
    }

    /// <summary>A value, or a histogram.</summary>
    internal sealed class Cell
    {
        private readonly Lock _lock = new();
        private long[]? _counts;
        private double _value;
        private long _count;

        public void Record(double value, bool isSum, double[]? bounds)
        {
            lock (_lock)
            {
                if (bounds is null)
                {
                    _value = isSum ? _value + value : value;
                    return;
                }

                _counts ??= new long[bounds.Length];
                _value += value;
                _count++;
                var at = Array.BinarySearch(bounds, value);
                at = at < 0 ? ~at : at;
                if (at < bounds.Length)
                    _counts[at]++;
            }
        }

        /// <returns>The value, or a histogram's sum, with its counts by bucket (not added up) and in all.</returns>
        public (double Value, long[] Counts, long Count) Read()
        {
            lock (_lock)
                return (_value, _counts is null ? [] : [.. _counts], _count);
        }
    }
}
