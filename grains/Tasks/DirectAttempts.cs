using System.Collections.Concurrent;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Tasks;

/// <summary>
/// Nobody asks for most tasks while they wait and run. Such a task's grain sleeps: its worker moves the record on by itself,
/// which takes half of the processor time of waking a grain for it. A grain that wakes meets its queue, which has it run by
/// way of the grain from then on, and takes over what a worker has begun; so there is one that moves a task on, always.
/// Where that fails (a queue was rebuilt at this very moment), versions in the store let one of them win, as after a death.
/// </summary>
internal sealed class DirectAttempts(IGrainFactory grains, ClusterView cluster, ICommonOutage outage, TimeProvider time)
{
    /// <summary>After how long a grain meets its queue again, which would forget it after <see cref="RememberedFor"/>.</summary>
    public static readonly TimeSpan Trust = TimeSpan.FromSeconds(30);

    /// <summary>How long a queue remembers who met it at least: for so long a grain counts on it, whether it can be asked or not.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<PartitionId, int> _lives = new();

    /// <summary>No other silo may have anything, or read the store while this one's journal has more: attempts need no store that is well.</summary>
    public bool IsAlone => cluster.IsAlone;

    /// <summary>Nobody reads the store, so nobody reads it and does not know of what a journal has.</summary>
    public bool IsOutageCommon => outage.IsCommon;

    /// <summary>Which life of a partition it is, counted on this silo: the grains of its tasks must meet each.</summary>
    public int LifeOf(PartitionId partition) => _lives.GetValueOrDefault(partition);

    /// <summary>A partition has come up, and does not know whose grains are awake here.</summary>
    public void Renew(PartitionId partition) => _lives.AddOrUpdate(partition, 1, static (_, life) => life + 1);

    /// <returns>The worker that the task is with; null for none.</returns>
    /// <exception cref="TimeoutException">The queue does not answer.</exception>
    /// <exception cref="OrleansException">Nor can it be reached.</exception>
    public async Task<WorkerId?> Meet(TaskId id) => await grains.GetPartition(id.Partition).Meet(id.Unique).WaitAsync(Patience, time);

    /// <summary>As <see cref="TakeOver"/> of every worker, where the queue cannot be asked which has it. In an outage alone: else versions in the store decide.</summary>
    /// <returns>The newest that any has; else empty where the record is to be read again; null where nobody needs to be asked.</returns>
    public async Task<byte[]?> TakeOverFromAny(TaskId id)
    {
        if (!outage.IsHere || cluster.IsAlone)
            return null;
        var names = cluster.Members.Where(m => m.Status == SiloStatus.Active).Select(m => WorkerName.Parse(m.Name));
        var answers = await Task.WhenAll(names.Select(async name =>
        {
            try
            {
                return await grains.GetWorker(name).HandOver(id).WaitAsync(Patience, time);
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                return []; // it is where the queue is, and stands still
            }
        }));
        return answers.Where(a => a is { Length: > 0 }).MaxBy(a => RecordHeader.Read(a).Version) ?? [];
    }

    /// <summary>From now on the attempt that a worker has begun by itself goes on by way of the task's grain.</summary>
    /// <returns>The record as the worker has it; empty where it is to be read again; null where the worker has begun nothing: then what is stored is true.</returns>
    /// <exception cref="StoreUnavailableException">The worker lives and does not answer.</exception>
    public async Task<byte[]?> TakeOver(TaskId id, WorkerId worker)
    {
        if (cluster.IsGone(worker.Host))
            return null;
        try
        {
            return await grains.GetWorker(worker.Name).HandOver(id).WaitAsync(Patience, time);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            throw new StoreUnavailableException($"The worker that has it, {worker.Name}, does not answer now. Try again.");
        }
    }
}
