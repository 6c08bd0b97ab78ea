using System.Globalization;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Alerts;

/// <summary>What is the case now that somebody should know of.</summary>
/// <param name="Id">Rule and subject.</param>
internal readonly record struct Condition(string Id, AlertSeverity Severity, string Text, DateTimeOffset Since);

/// <summary>From what everybody says to what is wrong. Pure.</summary>
internal static class AlertRules
{
    /// <summary>What a silo said longer ago says nothing.</summary>
    public static TimeSpan Fresh(AlertOptions options) => options.Every * 6;

    /// <param name="queues">Null where the queues could not be asked: then nothing is known of them, good or bad.</param>
    /// <param name="workers">Null likewise.</param>
    /// <param name="dead">Dead letters by queue that nobody has acknowledged.</param>
    /// <param name="failures">Attempts that failed within the window.</param>
    public static List<Condition> Judge(
        IReadOnlyCollection<(SiloSigns Signs, DateTimeOffset At)> silos,
        IReadOnlyList<PartitionStatus>? queues,
        IReadOnlyList<WorkerStatus>? workers,
        IReadOnlyDictionary<QueueName, long> dead,
        long failures,
        AlertOptions options,
        DateTimeOffset now)
    {
        List<Condition> found = [];
        var fresh = silos.Where(s => now - s.At < Fresh(options)).Select(s => s.Signs).ToArray();
        if (fresh.Where(s => now - s.AwaySince >= options.OutageAfter).ToArray() is { Length: > 0 } away)
        {
            var since = away.Min(s => s.AwaySince)!.Value;
            found.Add(new Condition("outage", AlertSeverity.Critical, $"The store is away for {Number((now - since).TotalSeconds)} s, as {Number(away.Length)} of {Number(fresh.Length)} silos see it ({away[0].Fault}). Work goes on, and is in the silos' journals.", since));
        }

        foreach (var worker in workers ?? [])
        {
            if (worker.Health == WorkerHealth.Stale)
                found.Add(new Condition($"worker_stale:{worker.Report.Worker.Name}", AlertSeverity.Critical, $"The worker {worker.Report.Worker.Name} does not beat: {worker.Reason ?? "no reason is known"}. Its tasks run elsewhere.", worker.LastBeatAt));
        }

        foreach (var queue in (queues ?? []).GroupBy(q => q.Partition.Queue))
            found.AddRange(OfQueue(queue.Key, [.. queue], options, now));
        foreach (var (queue, count) in dead)
            found.Add(new Condition($"dead_letters:{queue}", AlertSeverity.Warning, $"{Number(count)} tasks of the queue {queue} are dead letters since that was last acknowledged: 'morningai deadletter list --queue {queue}' shows them.", now));
        if (failures >= options.Failures)
            found.Add(new Condition("failures", AlertSeverity.Warning, $"{Number(failures)} attempts failed within {Number(options.FailuresWithin.TotalMinutes)} min.", now));
        if (fresh.Length > 0 && fresh.MaxBy(s => s.WaitingP99)! is { } slowest && slowest.WaitingP99 >= options.SlowStart)
            found.Add(new Condition("slow_start", AlertSeverity.Warning, $"Tasks wait for {Number(slowest.WaitingP99.TotalSeconds)} s before they begin (99 in 100 of the last minutes, on {slowest.Silo}): 'morningai latency' says where the time goes.", now));
        return found;
    }

    private static IEnumerable<Condition> OfQueue(QueueName queue, PartitionStatus[] partitions, AlertOptions options, DateTimeOffset now)
    {
        var ready = partitions.Sum(p => (long)p.Ready);
        if (ready >= options.QueueLong)
        {
            var paused = partitions.Any(p => p.Control?.Paused is not null) ? " It is paused." : "";
            yield return new Condition(
                $"queue_long:{queue}", ready >= options.QueueVeryLong ? AlertSeverity.Critical : AlertSeverity.Warning, $"{Number(ready)} tasks are ready in the queue {queue} and not begun.{paused} 'morningai queue explain {queue}' says why.", now);
        }

        if (partitions.Min(p => p.OldestReadyAt) is { } oldest && now - oldest >= options.QueueOld)
            yield return new Condition($"queue_old:{queue}", AlertSeverity.Warning, $"The first task of the queue {queue} is ready for {Number((now - oldest).TotalMinutes)} min. 'morningai queue explain {queue}' says why.", oldest);
    }

    private static string Number(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
