using System.Runtime.CompilerServices;
using MorningAI.Intake;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI;

/// <summary>Grains by their typed ids.</summary>
public static class GrainLookup
{
    public static ITaskGrain GetTask(this IGrainFactory grains, TaskId id) => Of<ITaskGrain>.Get(grains, id.ToString());

    public static IQueuePartitionGrain GetPartition(this IGrainFactory grains, PartitionId id) => Of<IQueuePartitionGrain>.Get(grains, id.ToString());

    public static IWorkerGrain GetWorker(this IGrainFactory grains, WorkerName name) => Of<IWorkerGrain>.Get(grains, name.Value);

    public static IWorkerRegistryGrain GetWorkerRegistry(this IGrainFactory grains) => grains.GetGrain<IWorkerRegistryGrain>(IWorkerRegistryGrain.Key);

    public static IQueueDirectoryGrain GetQueueDirectory(this IGrainFactory grains) => grains.GetGrain<IQueueDirectoryGrain>(IQueueDirectoryGrain.Key);

    public static ILimiterGrain GetLimiter(this IGrainFactory grains, string limit) => Of<ILimiterGrain>.Get(grains, limit);

    /// <summary>Of those that share an order key.</summary>
    public static IKeyedIntakeGrain GetOrderedIntake(this IGrainFactory grains, QueueName queue, string key) => Of<IKeyedIntakeGrain>.Get(grains, $"order/{queue}/{key}");

    /// <summary>Of those that share a unique key.</summary>
    public static IKeyedIntakeGrain GetUniqueIntake(this IGrainFactory grains, QueueName queue, string key) => Of<IKeyedIntakeGrain>.Get(grains, $"unique/{queue}/{key}");

    public static IScheduleGrain GetSchedule(this IGrainFactory grains, ScheduleName name) => Of<IScheduleGrain>.Get(grains, name.Value);

    /// <summary>The shard of the directory that the schedule belongs to.</summary>
    public static IScheduleDirectoryGrain GetScheduleDirectory(this IGrainFactory grains, ScheduleName name) => grains.GetScheduleDirectory(ScheduleLookup.ShardOf(name));

    public static IScheduleDirectoryGrain GetScheduleDirectory(this IGrainFactory grains, long shard) => grains.GetGrain<IScheduleDirectoryGrain>(shard);

    /// <summary>Orleans finds out anew for every reference, from attributes and names, what kind of grain it is: ten microseconds, here once.</summary>
    private static class Of<TGrain>
        where TGrain : class, IGrainWithStringKey
    {
        private static readonly ConditionalWeakTable<IGrainFactory, GrainKind> Kinds = [];

        public static TGrain Get(IGrainFactory grains, string key)
        {
            if (Kinds.TryGetValue(grains, out var kind))
                return (TGrain)grains.GetGrain(GrainId.Create(kind.Grain, IdSpan.Create(key)), kind.Interface);
            var grain = grains.GetGrain<TGrain>(key);
            if (grain is GrainReference reference)
                Kinds.AddOrUpdate(grains, new GrainKind(reference.GrainId.Type, reference.InterfaceType));
            return grain;
        }
    }

    private sealed record GrainKind(GrainType Grain, GrainInterfaceType Interface);
}
