using MorningAI.Alerts;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Silo.Health;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Silo.Api;

/// <summary><c>/ops</c>: what operators look at.</summary>
internal static class OpsApi
{
    public static void MapOps(this IEndpointRouteBuilder app)
    {
        app.MapGet("/ops/overview", Overview).WithSummary("Workers, queues, tasks by state, store").Produces<OverviewResponse>();
        app.MapGet("/ops/members", Members).WithSummary("The cluster as this silo sees it, from memory").Produces<MembersResponse>();
        app.MapGet("/ops/process", Process).WithSummary("What this silo's process holds: memory, activations, timers").Produces<ProcessResponse>();
        app.MapGet("/ops/journal", Journal).WithSummary("This silo's journal: what waits for the store, sizes, commits").Produces<JournalResponse>();
    }

    private static IResult Journal(IJournalGauge journal) => TypedResults.Json(JournalResponse.Of(journal.Stats()));

    private static IResult Process(ActivationCount activations) => TypedResults.Json(new ProcessResponse(
        Environment.WorkingSet,
        GC.GetTotalMemory(forceFullCollection: false),
        activations.Read(),
        Timer.ActiveCount,
        ThreadPool.ThreadCount,
        ThreadPool.PendingWorkItemCount));

    private static IResult Members(ClusterView cluster, SiloPlan plan, ILocalSiloDetails local) =>
        TypedResults.Json(new MembersResponse(plan.Name.Value, local.SiloAddress.ToString(), Describe(cluster)));

    private static async Task<IResult> Overview(IGrainFactory grains, ClusterView cluster, StoreReport store, SiloPlan plan, SiloFacts facts)
    {
        var workers = grains.GetWorkerRegistry().List();
        var alerts = grains.GetGrain<IAlertGrain>(IAlertGrain.Key).List();
        var partitions = await grains.GetQueueDirectory().List();
        var statuses = await Task.WhenAll(partitions.Select(p => grains.GetPartition(p).GetStatus()));
        var queues = statuses.GroupBy(s => s.Partition.Queue).OrderBy(g => g.Key.Value, StringComparer.Ordinal).Select(Describe).ToArray();
        return TypedResults.Json(new OverviewResponse(
            new SiloResponse(plan.Name.Value, facts.Version, plan.Url.GetLeftPart(UriPartial.Authority), facts.StartedAt),
            new ClusterResponse(plan.ClusterId, plan.ServiceId, Describe(cluster)),
            store.Describe(),
            [.. (await workers).Select(Describe)],
            queues,
            Sum(statuses.Select(s => s.Stored)),
            [.. (await alerts).Where(a => a.IsOpen).Select(AlertResponse.Of)]));
    }

    private static MemberResponse[] Describe(ClusterView cluster) =>
    [
        .. cluster.Members
            .OrderBy(m => m.Name, StringComparer.Ordinal)
            .Select(m => new MemberResponse(m.Name, m.SiloAddress.ToString(), m.Status.ToString().ToLowerInvariant())),
    ];

    private static WorkerResponse Describe(WorkerStatus status)
    {
        var report = status.Report;
        return new WorkerResponse(
            report.Worker.Name.Value,
            report.Worker.Host.ToString(),
            status.Health.ToString().ToLowerInvariant(),
            report.Concurrency,
            report.Running,
            report.Waiting,
            report.Abandoned,
            report.Finished,
            status.LastBeatAt,
            report.StartedAt,
            [.. report.Kinds.Select(k => k.Value)],
            status.Reason);
    }

    private static QueueResponse Describe(IGrouping<QueueName, PartitionStatus> queue) => new(
        queue.Key.Value,
        queue.Count(),
        queue.Sum(p => p.Ready),
        queue.Sum(p => p.Assigned),
        queue.Max(p => p.Workers),
        queue.Min(p => p.OldestReadyAt),
        Sum(queue.Select(p => p.Stored)));

    private static Dictionary<string, long>? Sum(IEnumerable<long[]?> counts)
    {
        var sums = new Dictionary<string, long>();
        foreach (var state in Enum.GetValues<TaskState>())
            sums[state.WireName()] = 0;
        foreach (var count in counts)
        {
            if (count is null)
                return null;
            foreach (var state in Enum.GetValues<TaskState>())
                sums[state.WireName()] += count[(int)state];
        }

        return sums;
    }
}
