using MorningAI.Storage;
using MorningAI.Telemetry;

namespace MorningAI.Diagnosis;

/// <summary>Puts together what this silo has measured.</summary>
public sealed class LatencyReporter
{
    private readonly TaskMetrics _tasks;
    private readonly StorageMetrics _storage;

    internal LatencyReporter(TaskMetrics tasks, StorageMetrics storage) => (_tasks, _storage) = (tasks, storage);

    /// <param name="silo">The name of the silo that it speaks of.</param>
    public LatencyReport Report(string silo) => LatencyReport.Of(silo, _tasks, _storage.Calls);
}
