using MorningAI.Telemetry;

namespace MorningAI.Diagnosis;

/// <summary>Where a task's time goes on one silo: <c>GET /ops/latency</c>.</summary>
/// <param name="Silo">Whose worker it is: each sees its own tasks only.</param>
/// <param name="Minutes">How far back it looks.</param>
/// <param name="Parts"><c>waiting</c>, <c>execution</c> and <c>store</c>: one after the other they are a task's time.</param>
/// <param name="Details">What else was measured: within the parts, or beside them.</param>
/// <param name="Largest">The part with the largest mean; null where no task ran.</param>
public sealed record LatencyReport(string Silo, int Minutes, IReadOnlyList<LatencyPart> Parts, IReadOnlyList<LatencyPart> Details, string? Largest, string Advice)
{
    private const string WaitingName = "waiting", ExecutionName = "execution", StoreName = "store";

    /// <summary>Less than this is nothing that anybody waits for: no part of it is worth mending.</summary>
    private static readonly TimeSpan Fine = TimeSpan.FromMilliseconds(20);

    /// <param name="storeCalls">Calls to the store, a batch of records each.</param>
    public static LatencyReport Of(string silo, TaskMetrics tasks, LatencySummary storeCalls)
    {
        var (waiting, slot, execution, store) = (tasks.Waiting, tasks.Slot, tasks.Execution, tasks.Store);
        LatencyPart[] parts =
        [
            LatencyPart.Of(WaitingName, "submitted, until its handler begins", waiting),
            LatencyPart.Of(ExecutionName, "its handler runs", execution),
            LatencyPart.Of(StoreName, "its end is stored", store),
        ];
        LatencyPart[] details =
        [
            LatencyPart.Of("slot", "of waiting: on this worker, for a free slot", slot),
            LatencyPart.Of("store_call", "one call to the store, a batch of records", storeCalls),
        ];
        var largest = parts.Any(p => p.Count > 0) ? parts.MaxBy(p => p.MeanMs)! : null;
        return new LatencyReport(silo, LatencyWindow.Minutes, parts, details, largest?.Name, Advise(largest, waiting, slot, storeCalls));
    }

    private static string Advise(LatencyPart? largest, LatencySummary waiting, LatencySummary slot, LatencySummary storeCalls) => largest?.Name switch
    {
        null => $"No task ran on this silo in the last {LatencyWindow.Minutes} minutes: there is nothing to say.",
        _ when largest.MeanMs < Fine.TotalMilliseconds => "Nothing takes long.",
        WaitingName when slot.Mean >= waiting.Mean / 2 => "Tasks wait for a slot: raise MorningAI:Workers:Concurrency where handlers mostly wait themselves, or start another silo.",
        WaitingName => "Tasks wait in their queue before they come to this worker: look with 'morningai info' whether there are workers and how full they are. More silos help; so do more partitions of a busy queue (MorningAI:Queues:PartitionsByQueue).",
        ExecutionName => "The handlers themselves take the time: look at what they call (a model, another service, the processor). More slots or silos run more of them at once, and none of them faster.",
        _ when storeCalls.Mean >= Fine => "Redis answers slowly: 'morningai redis info' shows slow commands and memory, 'morningai redis ping' the way there.",
        _ => "Writing takes the time and Redis' own answers do not: look at the disk of the journal ('morningai journal', /ops/journal: last_commit_ms), and at this silo's processor.",
    };
}

/// <param name="P50Ms">Null where nothing was measured; so for the others. Read from buckets: up to a quarter too high.</param>
public sealed record LatencyPart(string Name, string What, long Count, double? MeanMs, double? P50Ms, double? P99Ms)
{
    internal static LatencyPart Of(string name, string what, LatencySummary summary) => summary.Count == 0
        ? new LatencyPart(name, what, 0, null, null, null)
        : new LatencyPart(name, what, summary.Count, Ms(summary.Mean), Ms(summary.P50), Ms(summary.P99));

    private static double Ms(TimeSpan span) => Math.Round(span.TotalMilliseconds, 3);
}
