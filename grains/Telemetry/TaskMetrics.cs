using System.Diagnostics.Metrics;

namespace MorningAI.Telemetry;

/// <summary>Where the time of this silo's tasks goes: for the meters, and for whoever asks about the last minutes.</summary>
public sealed class TaskMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<double> _waitingTime, _executionTime, _storeTime;
    private readonly LatencyWindow _waiting, _slot, _execution, _store;

    public TaskMetrics(IMeterFactory meters, TimeProvider time)
    {
        _meter = meters.Create(Tracing.SourceName);
        _waitingTime = _meter.CreateHistogram<double>("morningai.task.waiting.duration", "s", "From a task's submission to its handler's start; first attempts only.");
        _executionTime = _meter.CreateHistogram<double>("morningai.task.execution.duration", "s", "A handler, from its start to its end.");
        _storeTime = _meter.CreateHistogram<double>("morningai.task.store.duration", "s", "From a handler's end until that is stored.");
        (_waiting, _slot, _execution, _store) = (new(time), new(time), new(time), new(time));
    }

    public LatencySummary Waiting => _waiting.Summary();

    /// <summary>The part of waiting that was spent on a worker whose slots were all taken.</summary>
    public LatencySummary Slot => _slot.Summary();

    public LatencySummary Execution => _execution.Summary();

    public LatencySummary Store => _store.Summary();

    /// <summary>A task that came to this worker has a slot.</summary>
    public void OnSlot(TimeSpan waited) => _slot.Record(waited);

    /// <summary>The handler of a first attempt begins.</summary>
    /// <param name="waited">By the clocks of two machines; below zero where they differ counts as zero.</param>
    public void OnBegun(TimeSpan waited)
    {
        waited = waited > TimeSpan.Zero ? waited : TimeSpan.Zero;
        _waiting.Record(waited);
        _waitingTime.Record(waited.TotalSeconds);
    }

    public void OnRan(TimeSpan took)
    {
        _execution.Record(took);
        _executionTime.Record(took.TotalSeconds);
    }

    public void OnStored(TimeSpan took)
    {
        _store.Record(took);
        _storeTime.Record(took.TotalSeconds);
    }

    public void Dispose() => _meter.Dispose();
}
