using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Cluster;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Workers;

/// <summary>The list of workers, from their beats. What it stores is only for the day on which it and a worker die together: then that worker is still listed, as stale.</summary>
public sealed partial class WorkerRegistryGrain(
    [PersistentState("workers", DurableStorage.Name)] IPersistentState<WorkerRegistryState> state,
    ClusterView cluster,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<WorkerRegistryGrain> logger) : Grain, IWorkerRegistryGrain
{
    private readonly ILogger<WorkerRegistryGrain> _logger = logger;

    private Dictionary<WorkerName, SeenWorker> Workers => state.State.Workers;

    public async Task Beat(WorkerReport report)
    {
        Workers.TryGetValue(report.Worker.Name, out var before);
        if (before is not null && before.Report.Worker != report.Worker && before.Report.StartedAt > report.StartedAt)
            return; // a late beat of an earlier life
        Workers[report.Worker.Name] = new SeenWorker(report, time.GetUtcNow());
        if (before is null || before.Report.Worker != report.Worker || before.Report.Draining != report.Draining)
        {
            LogSeen(report.Worker, report.Draining);
            await Keep();
        }
    }

    public async Task ReportLost(WorkerId worker)
    {
        LogLost(worker);
        try
        {
            // Its tasks are given back by the queues, which see for themselves that its silo is gone: they must be awake.
            await GrainFactory.GetQueueDirectory().Wake().WaitAsync(WorkerKeeper.Patience, time); // meanwhile no beat is heard
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            LogNotWoken(e.Message); // every silo calls it
        }
    }

    public async Task Leave(WorkerId worker)
    {
        if (Workers.TryGetValue(worker.Name, out var seen) && seen.Report.Worker == worker)
        {
            Workers.Remove(worker.Name);
            await Keep();
        }
    }

    public Task<IReadOnlyList<WorkerStatus>> List()
    {
        var now = time.GetUtcNow();
        var list = new List<WorkerStatus>(Workers.Count);
        foreach (var (name, seen) in Workers.OrderBy(w => w.Key.Value, StringComparer.Ordinal).ToArray())
        {
            if (WorkerHealthRules.Judge(seen.Report, seen.LastBeatAt, now, cluster.IsGone(seen.Report.Worker.Host), options.Value) is { } verdict)
                list.Add(new WorkerStatus(seen.Report, verdict.Health, seen.LastBeatAt, verdict.Reason));
            else
                Workers.Remove(name);
        }

        return Task.FromResult<IReadOnlyList<WorkerStatus>>(list);
    }

    private async Task Keep()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception e) when (e is StoreUnavailableException or Orleans.Storage.InconsistentStateException)
        {
            // Health comes from beats; the list is stored again with the next change.
            LogNotKept(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Worker} is here (draining: {Draining})")]
    private partial void LogSeen(WorkerId worker, bool draining);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Worker} is lost")]
    private partial void LogLost(WorkerId worker);

    [LoggerMessage(Level = LogLevel.Information, Message = "The queue directory does not answer ({Reason}); every silo calls it again")]
    private partial void LogNotWoken(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The list of workers could not be stored: {Reason}")]
    private partial void LogNotKept(string reason);
}

[GenerateSerializer, Alias("mai.WorkerRegistryState")]
public sealed class WorkerRegistryState
{
    [Id(0)] public Dictionary<WorkerName, SeenWorker> Workers { get; set; } = [];
}

[GenerateSerializer, Immutable, Alias("mai.SeenWorker")]
public sealed record SeenWorker([property: Id(0)] WorkerReport Report, [property: Id(1)] DateTimeOffset LastBeatAt);
