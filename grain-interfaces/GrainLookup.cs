using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI;

/// <summary>Grains by their typed ids.</summary>
public static class GrainLookup
{
    public static ITaskGrain GetTask(this IGrainFactory grains, TaskId id) => grains.GetGrain<ITaskGrain>(id.ToString());

    public static IQueuePartitionGrain GetPartition(this IGrainFactory grains, PartitionId id) => grains.GetGrain<IQueuePartitionGrain>(id.ToString());

    public static IWorkerGrain GetWorker(this IGrainFactory grains, WorkerName name) => grains.GetGrain<IWorkerGrain>(name.Value);

    public static IWorkerRegistryGrain GetWorkerRegistry(this IGrainFactory grains) => grains.GetGrain<IWorkerRegistryGrain>(IWorkerRegistryGrain.Key);

    public static IQueueDirectoryGrain GetQueueDirectory(this IGrainFactory grains) => grains.GetGrain<IQueueDirectoryGrain>(IQueueDirectoryGrain.Key);
}
