using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using MorningAI.Hosting;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using MorningAI.Workers;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.TestingHost;

namespace MorningAI.Tests.Cluster;

/// <summary>Silos in this process on a real Redis, with faults between them and their storage on demand.</summary>
public sealed class TestSilos : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;
    private readonly RedisServer _redis;

    private TestSilos(InProcessTestCluster cluster, RedisServer redis, StorageFaults faults)
    {
        _cluster = cluster;
        _redis = redis;
        Faults = faults;
    }

    public StorageFaults Faults { get; }

    public RedisServer Redis => _redis;

    /// <summary>The first silo's opinion of its store.</summary>
    public StoreHealth Health => _cluster.Silos[0].ServiceProvider.GetRequiredService<StoreHealth>();

    public InProcessTestCluster Cluster => _cluster;

    public IGrainFactory Grains => _cluster.Client;

    public static async Task<TestSilos> Start(short silos = 1, Action<WorkerOptions>? workers = null, Action<IServiceCollection>? services = null, bool garnet = false)
    {
        var redis = await RedisServer.Start(garnet);
        var faults = new StorageFaults();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Logging.SetMinimumLevel(LogLevel.Warning);
            host.Services.AddMorningAIWorker();
            host.Services.AddBuiltInHandlers(host.Configuration);
            services?.Invoke(host.Services);
        });
        builder.ConfigureSilo((_, silo) =>
        {
            var connection = StoreConnection.Open($"127.0.0.1:{redis.Port}").GetAwaiter().GetResult();
            if (UnreliableStore.Seed is { } seed)
                silo.Services.AddSingleton<StoreCalls>(new UnreliableStore(seed));
            silo.AddDurableStorage(connection, o => o.ServiceId = "test");
            silo.Services.TryAddSingleton<IJournal>(new MemoryJournal(faults));
            silo.Services.AddSingleton<IDurableRecords>(s => new FaultyRecords(s.GetRequiredService<DurableRecords>(), faults));
            silo.AddMorningAIGrains();
            silo.UseRedisReminderService(o => (o.ConfigurationOptions, o.CreateMultiplexer) = (connection.Configuration, _ => Task.FromResult((connection.Multiplexer, true))));
            silo.AddDurableReminders();
            silo.Configure<ReminderOptions>(o => (o.MinimumReminderPeriod, o.RefreshReminderListPeriod) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)));
            silo.Services.Configure<QueueOptions>(o => (o.Tick, o.Sweep) = (TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500)));
            silo.Services.Configure<WorkerOptions>(o =>
            {
                o.Beat = TimeSpan.FromMilliseconds(100);
                o.AbandonAfter = TimeSpan.FromMilliseconds(200);
                workers?.Invoke(o);
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestSilos(cluster, redis, faults);
    }

    public async Task<SubmitOutcome> TrySubmit(string kind, string payload, TaskPriority priority = TaskPriority.P2, TaskId? id = null, string? key = null, Func<TaskSubmission, TaskSubmission>? more = null)
    {
        var outcomes = await Grains.GetGrain<IIntakeGrain>(0).Submit([(more ?? (s => s))(new TaskSubmission
        {
            Id = id ?? TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UtcNow),
            Kind = TaskKind.Parse(kind),
            Payload = Encoding.UTF8.GetBytes(payload),
            Priority = priority,
            TraceId = TraceId.New(),
            IdempotencyKey = key,
        })]);
        return outcomes.Single();
    }

    public async Task<TaskId> Submit(string kind, string payload = "{}", TaskPriority priority = TaskPriority.P2) =>
        ((TaskAccepted)await TrySubmit(kind, payload, priority)).Receipt.TaskId;

    public async Task<TaskSnapshot> End(TaskId id)
    {
        TaskSnapshot? task = null;
        var seen = "";
        await Deadline.Until($"the end of {id}", TimeSpan.FromSeconds(60), async () =>
        {
            try
            {
                task = await Grains.GetTask(id).Get();
                seen = $"{task?.ToString() ?? "no such task"}";
            }
            catch (StoreUnavailableException e)
            {
                seen = e.Message;
                return false;
            }

            return task?.State.IsTerminal() == true;
        }, () => seen);
        return task!;
    }

    /// <summary>Its journal is in its memory and dies with it, so what a fault left there alone is in the store first.</summary>
    public async Task Kill(InProcessSiloHandle silo)
    {
        await Deadline.Until("the store has what the silo's journal has", TimeSpan.FromSeconds(60), silo.ServiceProvider.GetRequiredService<DurableRecords>().IsInStep);
        await _cluster.KillSiloAsync(silo);
    }

    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        await _cluster.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
