using MorningAI.Alerts;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Silo.Telemetry;

/// <summary>What the cluster is like, asked at each scrape: the same from every silo, so take <c>max by (queue)</c>. What does not answer in time is left out.</summary>
internal sealed class ClusterGauges(IGrainFactory grains, TimeProvider time)
{
    /// <summary>All that there may be.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "morningai_queue_ready", "morningai_queue_held_back", "morningai_queue_scheduled", "morningai_queue_assigned", "morningai_queue_paused", "morningai_queue_oldest_age_seconds",
        "morningai_tasks", "morningai_workers", "morningai_alerts_open",
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task Add(PrometheusText text)
    {
        var queues = Ask(Queues());
        var workers = Ask(grains.GetWorkerRegistry().List());
        var alerts = Ask(grains.GetGrain<IAlertGrain>(IAlertGrain.Key).List());
        if (await queues is { } partitions)
            AddQueues(text, partitions);
        if (await workers is { } known)
            text.Gauge("morningai_workers", "Workers by health.", Enum.GetValues<WorkerHealth>().Select(h => ($"health=\"{h.ToString().ToLowerInvariant()}\"", (double)known.Count(w => w.Health == h))));
        if (await alerts is { } open)
            text.Gauge("morningai_alerts_open", "Open alerts by severity.", Enum.GetValues<AlertSeverity>().Select(s => ($"severity=\"{s.ToString().ToLowerInvariant()}\"", (double)open.Count(a => a.IsOpen && a.Severity == s))));
    }

    private void AddQueues(PrometheusText text, PartitionStatus[] partitions)
    {
        var queues = partitions.GroupBy(p => p.Partition.Queue.Value).OrderBy(q => q.Key, StringComparer.Ordinal).ToArray();
        IEnumerable<(string, double)> Each(Func<IGrouping<string, PartitionStatus>, double> value) => queues.Select(q => ($"queue=\"{q.Key}\"", value(q)));
        text.Gauge("morningai_queue_ready", "Tasks that wait for a worker.", Each(q => q.Sum(p => (double)p.Ready)));
        text.Gauge("morningai_queue_held_back", "Tasks that wait for a limit or their order.", Each(q => q.Sum(p => (double)p.HeldBack)));
        text.Gauge("morningai_queue_scheduled", "Tasks that wait for their time.", Each(q => q.Sum(p => (double)p.Scheduled)));
        text.Gauge("morningai_queue_assigned", "Tasks with workers.", Each(q => q.Sum(p => (double)p.Assigned)));
        text.Gauge("morningai_queue_paused", "1 where an operator has paused it.", Each(q => q.Any(p => p.Control?.Paused is not null) ? 1 : 0));
        text.Gauge("morningai_queue_oldest_age_seconds", "For how long the first of the ready ones waits; 0 for none.", Each(q => q.Min(p => p.OldestReadyAt) is { } oldest ? Math.Max(0, (time.GetUtcNow() - oldest).TotalSeconds) : 0));
        if (partitions.All(p => p.Stored is not null))
        {
            text.Gauge("morningai_tasks", "Stored tasks by queue and state.", queues.SelectMany(q => Enum.GetValues<TaskState>().Select(s => ($"queue=\"{q.Key}\",state=\"{s.WireName()}\"", q.Sum(p => (double)p.Stored![(int)s])))));
        }
    }

    private async Task<PartitionStatus[]> Queues()
    {
        var partitions = await grains.GetQueueDirectory().List();
        return await Task.WhenAll(partitions.Select(p => grains.GetPartition(p).GetStatus()));
    }

    private async Task<T?> Ask<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call.WaitAsync(Patience, time);
        }
        catch (Exception)
        {
            return null; // a scrape with a part missing is worth more than none
        }
    }
}
