namespace MorningAI.Workers;

/// <summary>Who works here, and how they are. One grain, key <c>"workers"</c>.</summary>
[Alias("mai.IWorkerRegistryGrain")]
public interface IWorkerRegistryGrain : IGrainWithStringKey
{
    const string Key = "workers";

    [Alias("Beat")]
    Task Beat(WorkerReport report);

    /// <summary>The dead man's switch of a worker whose silo is gone.</summary>
    [Alias("ReportLost")]
    Task ReportLost(WorkerId worker);

    /// <summary>A worker that left in order.</summary>
    [Alias("Leave")]
    Task Leave(WorkerId worker);

    [Alias("List")]
    Task<IReadOnlyList<WorkerStatus>> List();
}
