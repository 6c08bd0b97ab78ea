using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MorningAI.Alerts;
using MorningAI.Cluster;
using MorningAI.Diagnosis;
using MorningAI.Handlers;
using MorningAI.Intake;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Telemetry;
using MorningAI.Workers;
using Orleans.Hosting;

namespace MorningAI.Hosting;

public static class GrainsRegistration
{
    /// <summary>Tasks, queues, workers and intake. Needs a storage (<see cref="StorageRegistration.AddDurableStorage"/>) and a reminder service beside it.</summary>
    public static ISiloBuilder AddMorningAIGrains(this ISiloBuilder silo)
    {
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<HandlerRegistry>();
        services.AddOptionsChecks();
        services.AddSingleton<ClusterView>();
        services.AddSingleton<IPeersInStep, PeersInStep>();
        services.AddSingleton<ICommonOutage, CommonOutage>();
        services.AddSingleton<AbsentJournals>();
        services.AddSingleton<PauseGuard>();
        services.AddSingleton<QueueControls>();
        services.AddSingleton<LimitBook>();
        services.AddSingleton<SubmissionCheck>();
        services.AddSingleton<KnownPartitions>();
        services.AddSingleton<ScheduleCheck>();
        services.AddSingleton<SubmitClock>();
        services.AddSingleton<KeptTasks>();
        services.AddSingleton<DirectAttempts>();
        services.AddSingleton<FreshTasks>();
        services.AddSingleton<PartitionsHere>();
        services.AddSingleton<TaskPurge>();
        services.AddSingleton<AlertWebhook>();
        services.AddSingleton<EnqueueRetry>();
        services.AddSingleton<TaskMetrics>();
        services.AddSingleton(static s => new LatencyReporter(s.GetRequiredService<TaskMetrics>(), s.GetRequiredService<StorageMetrics>()));
        services.AddSingleton<AttemptExecutor>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<ILocalWorker>(static s => s.GetRequiredService<AttemptRunner>());
        services.AddSingleton<WorkerKeeper>();
        services.AddSingleton<JournalHandover>();
        services.AddHostedService<ThreadPoolGuard>();
        services.AddPlacementDirector<WorkerPlacement, WorkerPlacementDirector>();
        return silo;
    }

    /// <summary>Lets this silo's worker work, and lets it look after the schedules.</summary>
    public static IServiceCollection AddMorningAIWorker(this IServiceCollection services) => services.AddHostedService<QueueWatch>().AddHostedService<WorkerHost>().AddHostedService<ScheduleWatch>().AddHostedService<AlertWatch>();
}
