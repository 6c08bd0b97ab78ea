namespace MorningAI.Workers;

/// <summary>Who works here, and how they are. One grain, key <c>"workers"</c>.</summary>
[Alias("mai.IWorkerRegistryGrain")]
public interface IWorkerRegistryGrain : IGrainWithStringKey
{
    const string Key = "workers";

    [Alias("Beat")]
    Task Beat(WorkerReport report);

    /// <summary>A worker that left in order.</summary>
    [Alias("Leave")]
    Task Leave(WorkerId worker);

    [Alias("List")]
    Task<IReadOnlyList<WorkerStatus>> List();
}
