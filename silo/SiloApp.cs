using System.Text.Json;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using MorningAI.Cluster.Membership;
using MorningAI.Handlers;
using MorningAI.Hosting;
using MorningAI.Queues;
using MorningAI.Silo.Api;
using MorningAI.Silo.Bench;
using MorningAI.Silo.Chaos;
using MorningAI.Silo.Health;
using MorningAI.Silo.Kubernetes;
using MorningAI.Silo.Store;
using MorningAI.Silo.Telemetry;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Workers;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Runtime;
using StackExchange.Redis;

namespace MorningAI.Silo;

/// <summary>Puts a silo together: what is in it, and what it answers to.</summary>
internal static class SiloApp
{
    /// <summary>What needs no store yet.</summary>
    public static WebApplicationBuilder Begin(SiloPlan plan, SiloSettings settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "morningai", ContentRootPath = AppContext.BaseDirectory });
        builder.AddLogging(settings.Foreground);
        builder.AddOtlp(plan);
        builder.AddHttp(plan);
        builder.AddHandlers();
        builder.UseOrleans(static silo => silo.AddMorningAIGrains().Services.StartLast(() => silo.AddDashboard(o => o.HideTrace = true)));
        if (!settings.Foreground)
            builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
        return builder;
    }

    public static WebApplication Build(this WebApplicationBuilder builder, SiloPlan plan, DataDirectory data, StoreConnection store, BlankTable table)
    {
        builder.Services.Configure<DurableStorageOptions>(builder.Configuration.GetSection("MorningAI:Storage"));
        builder.UseOrleans(silo => silo
            .AddCluster(plan, store, data)
            .AddDurableStorage(store, o => (o.ServiceId, o.ClusterId) = (plan.ServiceId, plan.ClusterId)));
        builder.Services.AddJournal(data.JournalFile, new JournalIdentity(plan.ClusterId, plan.ServiceId));
        builder.Services.AddMorningAIWorker();
        builder.Services.Configure<QueueOptions>(builder.Configuration.GetSection("MorningAI:Queues"));
        builder.Services.Configure<WorkerOptions>(builder.Configuration.GetSection("MorningAI:Workers"));
        if (plan.Role == SiloRole.Api)
            builder.Services.PostConfigure<WorkerOptions>(o => o.Enabled = false);
        builder.Services.Configure<Intake.IntakeOptions>(builder.Configuration.GetSection("MorningAI:Intake"));
        builder.Services.Configure<Limits.LimitOptions>(builder.Configuration.GetSection("MorningAI:Limits"));
        builder.Services.Configure<Alerts.AlertOptions>(builder.Configuration.GetSection(Alerts.AlertOptions.Section));
        builder.Services.Configure<Tasks.RetentionOptions>(builder.Configuration.GetSection("MorningAI:Retention"));
        builder.Services.Configure<JournalOptions>(builder.Configuration.GetSection("MorningAI:Journal"));
        builder.Services.Configure<WatchOptions>(builder.Configuration.GetSection("MorningAI:Watching"));
        builder.Services.AddSingleton<Watchers>();
        builder.Services.AddSingleton<MetricsBook>();
        builder.Services.AddSingleton<ClusterGauges>();
        builder.Services.AddSingleton(plan);
        builder.Services.AddSingleton(table);
        builder.Services.AddSingleton<IFatalErrorHandler, FatalEnd>();
        builder.Services.AddSingleton<SiloFacts>();
        builder.Services.AddSingleton<SiloArrival>();
        builder.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static s => s.GetRequiredService<SiloArrival>());
        builder.Services.AddSingleton<Submissions>();
        builder.Services.AddSingleton<StoreReport>();
        builder.Services.AddSingleton<ActivationCount>();
        builder.Services.AddOptions<HostOptions>().Configure<Microsoft.Extensions.Options.IOptions<WorkerOptions>>(
            (host, worker) =>
            {
                host.ShutdownTimeout = ShutdownLimit(worker.Value);
                host.ServicesStartConcurrently = true; // HTTP says that the silo lives, and what it waits for, from the first moment
            });

        var app = builder.Build();
        app.Services.GetRequiredService<SiloFacts>(); // knows when it was made
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHostFiltering();
        app.UseMiddleware<ApiKeyGate>();
        app.UseMiddleware<ArrivalGate>();
        app.UseMiddleware<RoleGate>();
        app.UseDashboard();
        app.MapOpenApi();
        app.MapHealth();
        app.MapAgents();
        app.MapTasks();
        app.MapTaskList();
        app.MapQueues();
        app.MapSchedules();
        app.MapOps();
        app.MapAlerts();
        app.MapMetrics();
        app.MapDiagnosis();
        return app;
    }

    /// <summary>Draining first, then room for the silo's own leave-taking.</summary>
    public static TimeSpan ShutdownLimit(WorkerOptions worker) => worker.DrainGrace + worker.AbandonAfter + TimeSpan.FromSeconds(15);

    private static void AddHandlers(this WebApplicationBuilder builder)
    {
        builder.Services.AddBuiltInHandlers(builder.Configuration);
        builder.Services.AddFaqAgent(builder.Configuration);
        builder.Services.AddChaosLedger(builder.Configuration);
        builder.Services.AddBench(builder.Configuration);
    }

    private static void AddHttp(this WebApplicationBuilder builder, SiloPlan plan)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Bytes;
            kestrel.Listen(plan.Address, plan.HttpPort, o => o.Protocols = HttpProtocols.Http1);
        });
        builder.Services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            o.SerializerOptions.DefaultIgnoreCondition = TaskJson.Options.DefaultIgnoreCondition;
            o.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // JSON is never put into a page here
        });
        builder.Services.AddProblemDetails(o => o.CustomizeProblemDetails = c => c.ProblemDetails.Detail ??= c.ProblemDetails.Status switch
        {
            StatusCodes.Status404NotFound => "Nothing is at this path. GET /openapi/v1.json lists what is.",
            StatusCodes.Status405MethodNotAllowed => "This path takes another method. GET /openapi/v1.json says which.",
            StatusCodes.Status415UnsupportedMediaType => "Send the body as application/json.",
            _ => null,
        });
        builder.Services.AddExceptionHandler<ErrorBoundary>();
        builder.Services.AddOpenApi();
        // On loopback a page in the operator's browser could reach us under a name of its own (DNS rebinding).
        builder.Services.Configure<HostFilteringOptions>(o => o.AllowedHosts = System.Net.IPAddress.IsLoopback(plan.Address) ? ["localhost", "127.0.0.1", "[::1]"] : ["*"]);
    }

    private static ISiloBuilder AddCluster(this ISiloBuilder silo, SiloPlan plan, StoreConnection store, DataDirectory data)
    {
        Task<(IConnectionMultiplexer, bool)> Shared() => Task.FromResult((store.Multiplexer, true));
        if (plan.Pod is { } pod)
            silo.AddPodHosting(plan, pod);
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (plan.ClusterId, plan.ServiceId));
        silo.Configure<SiloOptions>(o => o.SiloName = plan.Name.Value);
        silo.ConfigureEndpoints(plan.Address, plan.SiloPort, plan.GatewayPort, listenOnAnyHostAddress: false);
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            // Three missed: a dead silo is found in about 6 s. Orleans believes a connection that is still open for three of the
            // longest, by default 24 s: a silo that is stopped or cut off closes none.
            (o.ProbeTimeout, o.MaxProbeTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
            // So a silo that was cut off learns from the table that it is dead. Until then it works on beside whoever took its
            // place: in a soak 35 tasks ran on both sides in 2.2 s, when it looked every 3 s.
            o.TableRefreshTimeout = TimeSpan.FromSeconds(1);
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });
        // A task is called three times in its life, mostly from its own silo: a cache of a million of them would only hold memory, and the dashboard counts it every second.
        silo.Configure<GrainDirectoryOptions>(o => o.CacheSize = 16_384);
        silo.UseRedisClustering(o => (o.ConfigurationOptions, o.CreateMultiplexer) = (store.Configuration, _ => Shared()));
        silo.AddDurableMembership(o =>
        {
            (o.File, o.IsAlone) = (data.MembersFile, plan.Redis is null);
            foreach (var peer in plan.Peers)
                o.Peers.Add(peer);
        });
        silo.UseRedisReminderService(o => (o.ConfigurationOptions, o.CreateMultiplexer) = (store.Configuration, _ => Shared()));
        silo.AddDurableReminders();
        return silo;
    }

    /// <summary>To standard error: standard output belongs to whoever reads the command's result.</summary>
    private static void AddLogging(this WebApplicationBuilder builder, bool foreground)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.TimestampFormat = "HH:mm:ss.fff ";
            o.UseUtcTimestamp = true;
        });
        builder.Logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        // A failed start: SiloHost says why, in one line and without the stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter("Orleans.Runtime.SiloLifecycleSubject", LogLevel.None);
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.None);
        builder.Logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error); // its first check always warns
        if (foreground)
            builder.Logging.AddFilter("MorningAI", LogLevel.Information);
    }

    private sealed class SilentLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
