using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Client;
using MorningAI.Client.Cluster;
using MorningAI.Client.Submitting;
using MorningAI.Client.Watching;
using MorningAI.Cluster;
using MorningAI.Intake;
using Orleans.Clustering.Redis;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Serialization;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The one line that gives a service its <see cref="ITaskClient"/> and <see cref="IScheduleClient"/>.</summary>
public static class MorningAIClientRegistration
{
    /// <summary>The section of a host's configuration that the options are read from.</summary>
    public const string ConfigurationSection = "MorningAI";

    // Orleans' own minute is long for a silo that just joined, or moved.
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(10);

    /// <summary>Adds <see cref="ITaskClient"/> and the Orleans client under it, which connects when the host starts. Not for a process that is a silo itself.</summary>
    /// <param name="builder">The host; its configuration section <c>MorningAI</c> is read first.</param>
    /// <param name="configure">Has the last word.</param>
    public static IHostApplicationBuilder AddMorningAIClient(this IHostApplicationBuilder builder, Action<MorningAIClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<MorningAIClientOptions>().Bind(builder.Configuration.GetSection(ConfigurationSection));
        builder.Services.AddMorningAIClient(configure);
        return builder;
    }

    /// <summary>Adds <see cref="ITaskClient"/> and the Orleans client under it, which connects when the host starts. Not for a process that is a silo itself.</summary>
    /// <param name="services">The service's own.</param>
    /// <param name="configure">Null for the defaults.</param>
    public static IServiceCollection AddMorningAIClient(this IServiceCollection services, Action<MorningAIClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<MorningAIClientOptions>();
        if (configure is not null)
            options.Configure(configure);
        if (services.Any(service => service.ServiceType == typeof(ITaskClient)))
            return services;

        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<MorningAIClientOptions>, MorningAIClientOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOrleansClient(AddCluster);
        services.AddSerializer(serializer => serializer.AddAssembly(typeof(IIntakeGrain).Assembly));
        AddTasks(services);
        return services;
    }

    private static void AddCluster(IClientBuilder client)
    {
        client.UseRedisClustering(_ => { });
        client.UseConnectionRetryFilter<PatientConnect>();
        client.AddGatewayCountChangedHandler(provider =>
        {
            var loss = provider.GetRequiredService<GatewayLoss>();
            return (_, change) =>
            {
                if (change.NumberOfConnectedGateways < change.PreviousNumberOfConnectedGateways)
                    loss.Signal();
            };
        });

        var services = client.Services;
        services.AddOptions<ClusterOptions>().Configure<IOptions<MorningAIClientOptions>>(static (cluster, options) =>
        {
            cluster.ClusterId = options.Value.ClusterId;
            cluster.ServiceId = options.Value.ServiceId;
        });
        services.Configure<GatewayOptions>(static gateways => gateways.GatewayListRefreshPeriod = GatewayRefresh);
        // Orleans checks that a Redis is named even where nobody asks it: then an empty one, never connected to.
        services.AddOptions<RedisClusteringOptions>().Configure<IOptions<MorningAIClientOptions>>(static (redis, options) =>
            redis.ConfigurationOptions = options.Value.Redis is { } address
                ? ConfigurationOptions.Parse(RedisUrl.ToConfiguration(address))
                : new ConfigurationOptions());
        services.RemoveAll<IGatewayListProvider>();
        services.AddSingleton<GatewayLoss>();
        services.AddSingleton(FindGateways);
        services.AddSingleton<IGatewayListProvider>(static provider => new RememberedGateways(
            provider.GetRequiredService<IGatewaySource>(), GatewayRefresh, provider.GetRequiredService<ILogger<RememberedGateways>>()));
    }

    private static void AddTasks(IServiceCollection services)
    {
        services.AddSingleton(static provider => provider.GetRequiredService<IOptions<MorningAIClientOptions>>().Value);
        services.AddSingleton<ClusterCalls>();
        services.AddSingleton<KnownGrains>();
        services.AddSingleton(static provider => new IntakeRing(
            provider.GetRequiredService<KnownGrains>().Intake, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static provider => ActivatorUtilities.CreateInstance<BatchSender>(provider, Options(provider).AttemptTimeout));
        services.AddSingleton(static provider => new QueuePartitions(
            provider.GetRequiredService<IntakeRing>(), provider.GetRequiredService<ClusterCalls>(), Options(provider).AttemptTimeout, Options(provider).SubmitTimeout));
        services.AddSingleton(static provider => new TaskWatch(
            provider.GetRequiredService<ClusterCalls>(), Options(provider).AttemptTimeout, Options(provider).WatchPatience));
        services.AddSingleton(static provider => new TaskEvents(
            provider.GetRequiredService<ClusterCalls>(), Options(provider).AttemptTimeout, Options(provider).WatchPatience));
        services.AddSingleton<SubmitPump>();
        services.AddSingleton<SubmissionWriter>();
        services.AddSingleton<ITaskClient, TaskClient>();
        services.AddSingleton<IScheduleClient, ScheduleClient>();
        services.AddSingleton<IQueueClient, QueueClient>();
    }

    private static IGatewaySource FindGateways(IServiceProvider provider)
    {
        var options = Options(provider);
        if (options.Redis is { } address)
        {
            var servers = ConfigurationOptions.Parse(RedisUrl.ToConfiguration(address)).EndPoints;
            return new RedisGateways(provider.GetRequiredService<IMembershipTable>(), $"Redis {string.Join(", ", servers)}");
        }

        return new ListedGateways([.. options.Gateways
            .Select(text => GatewayAddress.TryParse(text, out var gateway) ? gateway : throw new FormatException($"'{text}' is not host:port."))
            .DefaultIfEmpty(GatewayAddress.Default)]);
    }

    private static MorningAIClientOptions Options(IServiceProvider provider) => provider.GetRequiredService<MorningAIClientOptions>();
}
