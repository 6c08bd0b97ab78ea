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
    /// <param name="key">0 to <see cref="IIntakeGrain.Keys"/> - 1.</param>
    public static IIntakeGrain GetIntake(this IGrainFactory grains, long key = 0) => ByNumber<IIntakeGrain>(grains, key);

    public static ITaskGrain GetTask(this IGrainFactory grains, TaskId id) => ByName<ITaskGrain>(grains, id.ToString());

    public static IQueuePartitionGrain GetPartition(this IGrainFactory grains, PartitionId id) => ByName<IQueuePartitionGrain>(grains, id.ToString());

    public static IWorkerGrain GetWorker(this IGrainFactory grains, WorkerName name) => ByName<IWorkerGrain>(grains, name.Value);

    public static IWorkerRegistryGrain GetWorkerRegistry(this IGrainFactory grains) => ByName<IWorkerRegistryGrain>(grains, IWorkerRegistryGrain.Key);

    public static IQueueDirectoryGrain GetQueueDirectory(this IGrainFactory grains) => ByName<IQueueDirectoryGrain>(grains, IQueueDirectoryGrain.Key);

    public static ILimiterGrain GetLimiter(this IGrainFactory grains, string limit) => ByName<ILimiterGrain>(grains, limit);

    /// <summary>Of those that share an order key.</summary>
    public static IKeyedIntakeGrain GetOrderedIntake(this IGrainFactory grains, QueueName queue, string key) => ByName<IKeyedIntakeGrain>(grains, $"order/{queue}/{key}");

    /// <summary>Of those that share a unique key.</summary>
    public static IKeyedIntakeGrain GetUniqueIntake(this IGrainFactory grains, QueueName queue, string key) => ByName<IKeyedIntakeGrain>(grains, $"unique/{queue}/{key}");

    public static IScheduleGrain GetSchedule(this IGrainFactory grains, ScheduleName name) => ByName<IScheduleGrain>(grains, name.Value);

    /// <summary>The shard of the directory that the schedule belongs to.</summary>
    public static IScheduleDirectoryGrain GetScheduleDirectory(this IGrainFactory grains, ScheduleName name) => grains.GetScheduleDirectory(ScheduleLookup.ShardOf(name));

    public static IScheduleDirectoryGrain GetScheduleDirectory(this IGrainFactory grains, long shard) => ByNumber<IScheduleDirectoryGrain>(grains, shard);

    private static TGrain ByName<TGrain>(IGrainFactory grains, string key)
        where TGrain : class, IGrainWithStringKey =>
        Known<TGrain>.Find(grains, IdSpan.Create(key)) ?? Known<TGrain>.Note(grains, grains.GetGrain<TGrain>(key));

    private static TGrain ByNumber<TGrain>(IGrainFactory grains, long key)
        where TGrain : class, IGrainWithIntegerKey =>
        Known<TGrain>.Find(grains, GrainIdKeyExtensions.CreateIntegerKey(key)) ?? Known<TGrain>.Note(grains, grains.GetGrain<TGrain>(key));

    /// <summary>
    /// Orleans finds out anew for every reference, from attributes and names, what kind of grain it is; here once. That takes
    /// ten microseconds in a busy process, and 200 in one that has been idle: a third of the time from an idle submit to the start.
    /// </summary>
    private static class Known<TGrain>
        where TGrain : class, IAddressable
    {
        private static readonly ConditionalWeakTable<IGrainFactory, GrainKind> Kinds = [];

        public static TGrain? Find(IGrainFactory grains, IdSpan key) =>
            Kinds.TryGetValue(grains, out var kind) ? (TGrain)grains.GetGrain(GrainId.Create(kind.Grain, key), kind.Interface) : null;

        public static TGrain Note(IGrainFactory grains, TGrain grain)
        {
            if (grain is GrainReference reference)
                Kinds.AddOrUpdate(grains, new GrainKind(reference.GrainId.Type, reference.InterfaceType));
            return grain;
        }
    }

    private sealed record GrainKind(GrainType Grain, GrainInterfaceType Interface);
}
