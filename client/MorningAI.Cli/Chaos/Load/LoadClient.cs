using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MorningAI.Client;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>The client library, connected to the run's silos as a service would be.</summary>
internal sealed class LoadClient : IAsyncDisposable
{
    /// <summary>A user who waits for an answer waits about this long.</summary>
    private static readonly TimeSpan SubmitPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AttemptPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly IHost _host;

    private LoadClient(IHost host)
    {
        _host = host;
        Tasks = host.Services.GetRequiredService<ITaskClient>();
        Queues = host.Services.GetRequiredService<IQueueClient>();
        Schedules = host.Services.GetRequiredService<IScheduleClient>();
    }

    public ITaskClient Tasks { get; }

    public IQueueClient Queues { get; }

    public IScheduleClient Schedules { get; }

    public static Task<LoadClient> Connect(IEnumerable<string> gateways, CancellationToken cancellationToken) => Connect(
        options =>
        {
            options.Gateways = [.. gateways];
            options.ConnectTimeout = TimeSpan.FromSeconds(30);
            options.SubmitTimeout = SubmitPatience;
            options.AttemptTimeout = AttemptPatience;
            options.ReadTimeout = AttemptPatience;
        },
        cancellationToken);

    public static async Task<LoadClient> Connect(Action<MorningAIClientOptions> configure, CancellationToken cancellationToken)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddMorningAIClient(configure);
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new LoadClient(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await _host.StopAsync(limit.Token);
            _host.Dispose();
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException)
        {
            // Its silos may be gone, and connections break while they are closed: there is nobody to take leave of.
        }
    }

    /// <summary>Signals are the command's own.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
