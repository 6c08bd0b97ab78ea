using System.Diagnostics.Metrics;
using MorningAI.Tasks;

namespace MorningAI.Telemetry;

/// <summary>Where the time of this silo's tasks goes: for the meters, and for whoever asks about the last minutes.</summary>
public sealed class TaskMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<double> _waitingTime, _executionTime, _storeTime;
    private readonly Counter<long> _purged, _ended, _submitted;
    private long _failures;
    private readonly LatencyWindow _waiting, _slot, _execution, _store;

    public TaskMetrics(IMeterFactory meters, TimeProvider time)
    {
        _meter = meters.Create(Tracing.SourceName);
        _waitingTime = _meter.CreateHistogram<double>("morningai.task.waiting.duration", "s", "From a task's submission to its handler's start; first attempts only.");
        _executionTime = _meter.CreateHistogram<double>("morningai.task.execution.duration", "s", "A handler, from its start to its end.");
        _storeTime = _meter.CreateHistogram<double>("morningai.task.store.duration", "s", "From a handler's end until that is stored.");
        _ended = _meter.CreateCounter<long>("morningai.task.attempts", "{attempt}", "Attempts that ended here, by kind and by the task's state after them (scheduled: to be retried).");
        _submitted = _meter.CreateCounter<long>("morningai.task.submitted", "{task}", "Submissions by their outcome.");
        _purged = _meter.CreateCounter<long>("morningai.task.purged", "{task}", "Ended tasks that were removed, as their time to be kept was over (state).");
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

    /// <summary>Attempts that failed here since the silo started.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>An attempt has ended, and that is stored.</summary>
    /// <param name="state">The task's, after it.</param>
    /// <param name="failed">By itself: neither handed back nor cancelled.</param>
    public void OnEnded(TaskKind kind, TaskState? state, bool failed)
    {
        if (failed)
            Interlocked.Increment(ref _failures);
        if (_ended.Enabled)
            _ended.Add(1, new KeyValuePair<string, object?>("kind", kind.Value), new KeyValuePair<string, object?>("state", state?.WireName() ?? "gone"));
    }

    public void OnSubmitted(string outcome, int tasks)
    {
        if (_submitted.Enabled && tasks > 0)
            _submitted.Add(tasks, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void OnPurged(TaskState state, int tasks)
    {
        if (tasks > 0)
            _purged.Add(tasks, new KeyValuePair<string, object?>("state", state.WireName()));
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
