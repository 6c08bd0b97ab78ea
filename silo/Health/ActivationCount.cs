using System.Diagnostics.Metrics;

namespace MorningAI.Silo.Health;

/// <summary>How many grains are active on this silo, by Orleans' own instrument, which tells them in parts; asked only when somebody wants to know.</summary>
internal sealed class ActivationCount : IDisposable
{
    private const string Meter = "Microsoft.Orleans";
    private const string Instrument = "orleans-catalog-activations";

    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new();
    private long? _sum;

    public ActivationCount()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meter && instrument.Name == Instrument)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((_, value, _, _) => _sum = (_sum ?? 0) + value);
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _sum = (_sum ?? 0) + value);
        _listener.Start();
    }

    /// <returns>Null where the instrument is not there.</returns>
    public long? Read()
    {
        lock (_lock)
        {
            _sum = null;
            _listener.RecordObservableInstruments();
            return _sum;
        }
    }

    public void Dispose() => _listener.Dispose();
}
