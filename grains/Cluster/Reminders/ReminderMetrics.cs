using System.Diagnostics.Metrics;
using MorningAI.Telemetry;

namespace MorningAI.Cluster.Reminders;

/// <summary>What the reminder table tells the meters.</summary>
internal sealed class ReminderMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _putBack, _behind;

    public ReminderMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Tracing.SourceName);
        _putBack = _meter.CreateCounter<long>("morningai.reminders.put_back", "{reminder}", "Rows that the store's table lacked and was given.");
        _behind = _meter.CreateCounter<long>("morningai.reminders.behind", "{reminder}", "Rows that were written or removed while the store's table could not take them.");
    }

    public void OnPutBack(int rows) => _putBack.Add(rows);

    public void OnBehind() => _behind.Add(1);

    public void Dispose() => _meter.Dispose();
}
