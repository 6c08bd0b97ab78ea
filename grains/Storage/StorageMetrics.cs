using System.Diagnostics.Metrics;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using MorningAI.Telemetry;

namespace MorningAI.Storage;

/// <summary>What storage tells the meters. Names follow OpenTelemetry's rules: dotted, in base units.</summary>
internal sealed class StorageMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _acknowledged, _replayed, _dataLoss, _refused;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _batchTime;
    private readonly LatencyWindow _calls;

    /// <param name="time">Of the last minutes' calls. Default: the system's.</param>
    public StorageMetrics(IMeterFactory meters, StoreHealth health, IEnumerable<IJournalGauge> journals, TimeProvider? time = null)
    {
        _calls = new LatencyWindow(time ?? TimeProvider.System);
        _meter = meters.Create(Tracing.SourceName);
        _acknowledged = _meter.CreateCounter<long>("morningai.storage.acknowledged", "{record}", "Writes that were confirmed, by who vouches for them (durability).");
        _refused = _meter.CreateCounter<long>("morningai.storage.refused", "{record}", "Writes that neither the store nor the journal took.");
        _replayed = _meter.CreateCounter<long>("morningai.storage.replayed", "{record}", "Records that were given to the store again, from the journal.");
        _dataLoss = _meter.CreateCounter<long>("morningai.storage.data_loss", "{event}", "How often a part of the store was found empty or older than it had been.");
        _batchSize = _meter.CreateHistogram<int>("morningai.storage.batch.size", "{record}", "Records in one call to the store.");
        _batchTime = _meter.CreateHistogram<double>("morningai.storage.batch.duration", "s", "One call to the store, from sending to answer.");
        _meter.CreateObservableGauge("morningai.store.state", () => (int)health.State, description: "0 healthy, 1 suspect, 2 down, 3 recovering.");
        foreach (var journal in journals)
        {
            _meter.CreateObservableGauge("morningai.journal.waiting", () => journal.Stats().Waiting, "{record}", "Records that the store has not confirmed.");
            _meter.CreateObservableGauge("morningai.journal.size", () => journal.Stats() is var s ? s.FileBytes + s.WalBytes : 0, "By", "The journal's file and its log.");
        }

        _meter.CreateObservableGauge("morningai.store.latency", () => health.Latency?.TotalSeconds ?? double.NaN, "s", "The last probe.");
    }

    /// <summary>Calls to the store in the last minutes, a batch of records each.</summary>
    public LatencySummary Calls => _calls.Summary();

    public void Acknowledged(Durability durability, int records = 1) =>
        _acknowledged.Add(records, new KeyValuePair<string, object?>("durability", durability == Durability.Redis ? "redis" : "journal"));

    public void Refused() => _refused.Add(1);

    public void Replayed(int records) => _replayed.Add(records);

    public void DataLost() => _dataLoss.Add(1);

    public void Batch(int records, TimeSpan duration)
    {
        _batchSize.Record(records);
        _batchTime.Record(duration.TotalSeconds);
        _calls.Record(duration);
    }

    public void Dispose() => _meter.Dispose();
}
