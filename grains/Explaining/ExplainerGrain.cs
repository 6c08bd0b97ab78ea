using MorningAI.Cluster;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Concurrency;

namespace MorningAI.Explaining;

/// <summary>Asks everybody whom a task may wait for. Whoever does not answer in time is left out, not waited for.</summary>
[StatelessWorker, Reentrant]
internal sealed class ExplainerGrain(AbsentJournals absent, StoreHealth health, TimeProvider time) : Grain, IExplainerGrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<TaskExplanation?> OfTask(TaskId id)
    {
        if (await GrainFactory.GetTask(id).Get() is not { } task)
            return null;
        var place = GrainFactory.GetPartition(id.Partition).Place(id.Unique);
        var workers = Workers();
        var limiter = (await place).HeldBackBy is { } by && !by.StartsWith("order:", StringComparison.Ordinal) ? await Ask(GrainFactory.GetLimiter(by).GetStatus()) : null;
        var before = task.Marks?.Follows is [var first, ..] && first != default ? await Ask(GrainFactory.GetTask(first).Get()) : null;
        return new TaskExplanation(id, task.State, [.. WaitRules.OfTask(task, await place, await workers, limiter, before)]);
    }

    public async Task<QueueExplanation?> OfQueue(QueueName queue)
    {
        var ids = (await GrainFactory.GetQueueDirectory().List()).Where(p => p.Queue == queue).ToArray();
        var control = (await GrainFactory.GetQueueDirectory().Controls()).FirstOrDefault(c => c.Queue == queue);
        if (ids.Length == 0 && control is null)
            return null;
        var partitions = await Task.WhenAll(ids.Select(async id => (await GrainFactory.GetPartition(id).Place(Guid.Empty)).Partition));
        var limits = partitions.SelectMany(p => p.Lanes).Select(l => l.By).Where(by => !by.StartsWith("order:", StringComparison.Ordinal)).Distinct();
        var limiters = await Task.WhenAll(limits.Select(l => Ask(GrainFactory.GetLimiter(l).GetStatus())));
        var reasons = WaitRules.OfQueue(partitions, control, absent.Any, health.State.ToString().ToLowerInvariant(), await Workers(), [.. limiters.OfType<LimiterStatus>()]);
        return new QueueExplanation(queue, [.. reasons])
        {
            Ready = partitions.Sum(p => (long)p.Ready),
            HeldBack = partitions.Sum(p => (long)p.HeldBack),
            Scheduled = partitions.Sum(p => (long)p.Scheduled),
            Assigned = partitions.Sum(p => (long)p.Assigned),
        };
    }

    private async Task<IReadOnlyList<WorkerStatus>> Workers() => await Ask(GrainFactory.GetWorkerRegistry().List()) ?? [];

    private async Task<T?> Ask<T>(Task<T> call)
    {
        try
        {
            return await call.WaitAsync(Patience, time);
        }
        catch (Exception)
        {
            return default; // an explanation with a part missing is worth more than none
        }
    }
}
