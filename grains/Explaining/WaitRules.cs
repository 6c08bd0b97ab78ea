using System.Globalization;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Explaining;

/// <summary>From what everybody knows to why something waits. Pure. What comes first stands first.</summary>
internal static class WaitRules
{
    public static IEnumerable<WaitReason> OfTask(TaskSnapshot task, TaskPlace place, IReadOnlyList<WorkerStatus> workers, LimiterStatus? limiter, TaskSnapshot? before)
    {
        if (task.State.IsTerminal())
            return [new WaitReason(WaitCode.Ended, $"It has ended: {task.State.WireName()}.") { Since = task.FinishedAt }];
        if (task.State == TaskState.Running)
            return [new WaitReason(WaitCode.Running, $"Attempt {task.Attempt} runs on {task.HeldBy?.Name}.") { Since = task.StartedAt }];
        return Waiting(task, place, workers, limiter, before).Concat(OfPartition([place.Partition], place.AwaitsJournal)).Concat(OfStore(place.Store));
    }

    public static IEnumerable<WaitReason> OfQueue(IReadOnlyList<PartitionStatus> partitions, QueueControl? control, bool awaitsJournal, string store, IReadOnlyList<WorkerStatus> workers, IReadOnlyList<LimiterStatus> limiters)
    {
        List<WaitReason> reasons = [.. OfControl(control)];
        reasons.AddRange(OfPartition(partitions, awaitsJournal));
        foreach (var lane in partitions.SelectMany(p => p.Lanes).GroupBy(l => l.By))
        {
            var count = lane.Sum(l => l.Count);
            reasons.Add(IsOrder(lane.Key)
                ? new WaitReason(WaitCode.Order, $"{Tasks(count)} of the order '{lane.Key["order:".Length..]}' wait for those before them.") { Count = count, Since = lane.Min(l => l.Since) }
                : OfLimit(lane.Key, limiters.FirstOrDefault(l => l.Name == lane.Key), lane.Min(l => l.Since), $"{Tasks(count)} wait for"));
        }

        var ready = partitions.Sum(p => (long)p.Ready);
        if (ready > 0 && control?.Paused is null)
            reasons.AddRange(OfWorkers(partitions[0].Partition.Queue, partitions.Max(p => p.Workers), partitions.Sum(p => p.Credits), workers));
        reasons.AddRange(OfStore(store));
        if (reasons.Count == 0)
            reasons.Add(ready > 0 ? new WaitReason(WaitCode.Next, $"{Tasks(ready)} are on their way to workers.") { Count = ready } : new WaitReason(WaitCode.Idle, "Nothing waits."));
        return reasons;
    }

    private static IEnumerable<WaitReason> Waiting(TaskSnapshot task, TaskPlace place, IReadOnlyList<WorkerStatus> workers, LimiterStatus? limiter, TaskSnapshot? before)
    {
        if (task.State == TaskState.Blocked)
        {
            yield return new WaitReason(WaitCode.UnverifiedKey, "Its idempotency key could not be checked, as Redis was away: it may be an earlier task's. It is released, or gives way, once Redis can be asked.") { Since = task.CreatedAt };
            yield break;
        }

        if (task.State == TaskState.Scheduled)
            yield return new WaitReason(WaitCode.Scheduled, $"It is not to begin before {Moment(task.DueAt)}{(task.Attempt > 0 ? $", after attempt {Number(task.Attempt)} failed" : "")}.") { Until = task.DueAt };
        foreach (var reason in OfControl(place.Partition.Control))
            yield return reason;
        if (!workers.Any(w => w.Health == WorkerHealth.Healthy && w.Report.Kinds.Contains(task.Kind)) && workers.Any(w => w.Health == WorkerHealth.Healthy))
            yield return new WaitReason(WaitCode.NoHandler, $"No worker has a handler for the kind '{task.Kind}': an attempt would fail.");
        switch (place.Whereabouts)
        {
            case Whereabouts.HeldBack when place.HeldBackBy is { } by && IsOrder(by):
                yield return new WaitReason(WaitCode.Order, before is null
                    ? $"Of its order, '{by["order:".Length..]}', one runs at a time, and others came before it."
                    : $"Of its order, '{by["order:".Length..]}', one runs at a time; before it comes {before.Id}, which is {before.State.WireName()}{(before.DueAt is { } due ? $" until {Moment(due)}" : "")}.") { Since = place.HeldSince };
                break;
            case Whereabouts.HeldBack when place.HeldBackBy is { } by:
                yield return OfLimit(by, limiter, place.HeldSince, "It waits for");
                break;
            case Whereabouts.Ready:
                yield return new WaitReason(WaitCode.Position, place.Ahead == 0 ? "It is the next of its partition." : $"{Tasks(place.Ahead)} of its partition, {place.Partition.Partition}, go before it.") { Count = place.Ahead, Of = place.Partition.Ready };
                if (place.Partition.Control?.Paused is null)
                {
                    foreach (var reason in OfWorkers(place.Partition.Partition.Queue, place.Partition.Workers, place.Partition.Credits, workers))
                        yield return reason;
                }

                break;
            case Whereabouts.Assigned:
                yield return new WaitReason(WaitCode.AtWorker, $"It is with {place.Worker?.Name}, and begins when a slot is free there.");
                break;
            case Whereabouts.Unknown when task.State == TaskState.Queued:
                yield return new WaitReason(WaitCode.NotInQueue, "Its queue does not know of it yet: it is on its way there, or is found when the queue next compares itself with what is stored, within 15 s.");
                break;
        }
    }

    private static IEnumerable<WaitReason> OfControl(QueueControl? control)
    {
        if (control?.Paused is { } paused)
            yield return new WaitReason(WaitCode.Paused, $"The queue '{control.Queue}' is paused{By(paused)} since {Moment(paused.At)}. 'morningai queue resume {control.Queue}' lets it go on.") { Since = paused.At, By = paused.By };
        if (control?.Draining is { } draining)
            yield return new WaitReason(WaitCode.Draining, $"The queue '{control.Queue}' takes nothing new{By(draining)} since {Moment(draining.At)}; what is there is done.") { Since = draining.At, By = draining.By };
    }

    private static IEnumerable<WaitReason> OfPartition(IReadOnlyList<PartitionStatus> partitions, bool awaitsJournal)
    {
        if (awaitsJournal)
            yield return new WaitReason(WaitCode.AbsentJournal, "A silo died while Redis was away. What it had begun or ended is in its journal alone, and is left to it for a minute.");
        var rebuilding = partitions.Count(p => !p.Complete);
        if (rebuilding > 0)
            yield return new WaitReason(WaitCode.Rebuilding, $"{Number(rebuilding)} of {Number(partitions.Count)} partitions came up and have not compared themselves with the store yet: they may not know all that waits.") { Count = rebuilding, Of = partitions.Count };
    }

    private static IEnumerable<WaitReason> OfWorkers(QueueName queue, int attached, int credits, IReadOnlyList<WorkerStatus> workers)
    {
        var healthy = workers.Where(w => w.Health == WorkerHealth.Healthy && w.Report.Serves(queue)).ToArray();
        if (healthy.Length == 0 && workers.Any(w => w.Health == WorkerHealth.Healthy))
        {
            yield return new WaitReason(WaitCode.NoWorker, $"None of the healthy workers serves the queue {queue}: see MorningAI:Workers:Queues of their silos.") { Count = 0, Of = workers.Count };
            yield break;
        }

        if (healthy.Length == 0)
        {
            yield return new WaitReason(WaitCode.NoWorker, workers.Count == 0 ? "There is no worker. Start a silo." : $"None of {Number(workers.Count)} workers is healthy: {string.Join(", ", workers.Select(w => $"{w.Report.Worker.Name} {w.Health.ToString().ToLowerInvariant()}"))}.") { Count = 0, Of = workers.Count };
            yield break;
        }

        var (running, slots) = (healthy.Sum(w => (long)w.Report.Running), healthy.Sum(w => (long)w.Report.Concurrency));
        if (attached == 0)
            yield return new WaitReason(WaitCode.NoWorker, "The queue has met none of the workers yet: it asks them every second.") { Count = 0, Of = healthy.Length };
        else if (credits == 0)
            yield return new WaitReason(WaitCode.WorkersBusy, $"The workers have as much of this queue as they take: {Number(running)} of {Number(slots)} slots are busy.") { Count = running, Of = slots };
    }

    private static WaitReason OfLimit(string name, LimiterStatus? limiter, DateTimeOffset? since, string who)
    {
        if (limiter is null)
            return new WaitReason(WaitCode.Limit, $"{who} the limit {name}.") { Since = since };
        if (limiter.Learning)
            return new WaitReason(WaitCode.Limit, $"{who} the limit {name}, which has just come up and asks the workers what runs.") { Since = since };
        var parts = new List<string>();
        if (limiter.Concurrency is { } most)
            parts.Add($"{Number(limiter.Running)} of {Number(most)} run");
        if (limiter.Rate is { } rate)
            parts.Add($"{Number(rate)} may begin in {Number(limiter.Per.TotalSeconds)} s{(limiter.NextAt is { } next ? $", the next at {Moment(next)}" : "")}");
        return new WaitReason(WaitCode.Limit, $"{who} the limit {name}: {string.Join("; ", parts)}.") { Since = since, Count = limiter.Running, Of = limiter.Concurrency, Until = limiter.NextAt };
    }

    private static IEnumerable<WaitReason> OfStore(string store)
    {
        if (store != "healthy")
            yield return new WaitReason(WaitCode.Store, $"The store is {store}. That alone lets nothing wait: work goes on, and is in the journal.");
    }

    private static bool IsOrder(string by) => by.StartsWith("order:", StringComparison.Ordinal);

    private static string By(QueueDecision decision) => $"{(decision.By is { } by ? $" by {by}" : "")}{(decision.Reason is { } reason ? $" ({reason})" : "")}";

    private static string Tasks(long count) => count == 1 ? "1 task" : $"{Number(count)} tasks";

    private static string Number(double number) => number.ToString("#,0.###", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset? moment) => moment is { } at ? at.ToString("u", CultureInfo.InvariantCulture) : "its time";
}
