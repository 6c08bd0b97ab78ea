using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace MorningAI.Silo.Telemetry;

/// <summary>
/// Adds up what the meters say, for Prometheus. Listens from the first scrape on: a silo that nobody scrapes pays nothing.
/// OpenTelemetry's own exporter for this is a beta only.
/// </summary>
internal sealed class MetricsBook : IDisposable
{
    /// <summary>Of one instrument; more are added up into one without labels.</summary>
    private const int MostSeries = 200;

    private static readonly string[] Meters = [MorningAI.Telemetry.Tracing.SourceName, "System.Runtime"];

    private readonly ConcurrentDictionary<Instrument, InstrumentSeries> _instruments = new();
    private readonly Lazy<MeterListener> _listener;

    public MetricsBook() => _listener = new Lazy<MeterListener>(Listen);

    /// <summary>All that was said so far, gauges asked now; by name.</summary>
    public IReadOnlyList<InstrumentSeries> Read()
    {
        _listener.Value.RecordObservableInstruments();
        return [.. _instruments.Values.OrderBy(i => i.Instrument.Name, StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        if (_listener.IsValueCreated)
            _listener.Value.Dispose();
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (Meters.Contains(instrument.Meter.Name))
                    self.EnableMeasurementEvents(instrument, _instruments.GetOrAdd(instrument, static i => new InstrumentSeries(i, MostSeries)));
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((InstrumentSeries)state!).Record(value, tags));
        listener.Start();
        return listener;
    }
}
