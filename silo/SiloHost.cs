using System.Text.Json;
using MorningAI.Hosting;
using MorningAI.Silo.Store;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using StackExchange.Redis;

namespace MorningAI.Silo;

/// <summary>Starts a silo in this process.</summary>
public static class SiloHost
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(2);

    /// <summary>Runs a silo until it is told to stop (SIGTERM, Ctrl-C or <paramref name="cancellationToken"/>).</summary>
    /// <returns>The process' exit code: 0 after an orderly stop.</returns>
    /// <exception cref="SiloStartException">It cannot start; the message says why and how to mend it.</exception>
    public static async Task<int> Run(SiloSettings settings, CancellationToken cancellationToken)
    {
        await using var silo = await StartSilo(settings, cancellationToken);
        await Console.Error.WriteLineAsync(silo.Banner);
        await silo.WaitForShutdown(cancellationToken);
        return 0;
    }

    /// <summary>Starts a silo and returns once it is ready.</summary>
    /// <exception cref="SiloStartException">It cannot start; the message says why and how to mend it.</exception>
    public static async Task<RunningSilo> Start(SiloSettings settings, CancellationToken cancellationToken) => await StartSilo(settings, cancellationToken);

    private static async Task<HostedSilo> StartSilo(SiloSettings settings, CancellationToken cancellationToken)
    {
        var plan = SiloPlan.Of(settings);
        var parts = new Stack<IAsyncDisposable>();
        try
        {
            var data = DataDirectory.Open(settings.DataDirectory);
            parts.Push(new Disposing(data));
            var configuration = plan.Redis;
            if (configuration is null)
            {
                var embedded = EmbeddedStore.Start(Path.Combine(data.Path, "store"), LoggerFactory.Create(b => b.AddFilter(l => l >= LogLevel.Error).AddSimpleConsole()));
                parts.Push(new Disposing(embedded));
                configuration = embedded.Configuration;
            }

            var connection = await Connect(configuration);
            parts.Push(connection);
            if (await StoreOwner.Claim(connection.Database, plan.ServiceId) is { } refusal)
                throw new SiloStartException($"Redis at {Where(configuration)} is not for this silo. {refusal}");
            if (plan.Redis is null)
                await ForgetEarlierLives(connection, plan);
            var app = SiloApp.Build(plan, settings, data, connection);
            parts.Push(app);
            app.Services.GetRequiredService<IJournalGauge>(); // opens the journal
            // Before the others meet it: what it finished in its earlier life must not be begun again by them.
            await CatchUp(app.Services, cancellationToken);
            await app.StartAsync(cancellationToken);
            await File.WriteAllTextAsync(data.EndpointFile, JsonSerializer.Serialize(new { pid = Environment.ProcessId, url = plan.Url.GetLeftPart(UriPartial.Authority), name = plan.Name.Value }), cancellationToken);
            return new HostedSilo(plan, data.Path, app, parts);
        }
        catch (Exception e)
        {
            while (parts.TryPop(out var part))
                await part.DisposeAsync();
            if (e is JournalException)
                throw new SiloStartException(e.Message, e);
            throw e is SiloStartException or OperationCanceledException ? e : new SiloStartException($"The silo cannot start: {e.Message}", e);
        }
    }

    private static async Task<StoreConnection> Connect(string configuration)
    {
        try
        {
            return await StoreConnection.Open(configuration);
        }
        catch (RedisConnectionException e)
        {
            var where = Where(configuration);
            throw new SiloStartException(e.FailureType switch
            {
                ConnectionFailureType.AuthenticationFailure => $"Redis at {where} refuses the user or password. Check REDIS_URL (or --redis).",
                _ => $"Redis at {where} does not answer ({e.FailureType}). Is it running, and is REDIS_URL (or --redis) right? Without either, a silo uses its embedded store.",
            }, e);
        }
        catch (ArgumentException e)
        {
            throw new SiloStartException("The Redis setting is not one that StackExchange.Redis reads. Use redis://host:6379 or host:6379,option=value.", e);
        }
    }

    private static async Task CatchUp(IServiceProvider services, CancellationToken cancellationToken)
    {
        var caughtUp = services.StorageCaughtUp(cancellationToken);
        while (await Task.WhenAny(caughtUp, Task.Delay(SayEvery, cancellationToken)) != caughtUp)
        {
            if (services.GetRequiredService<IJournalGauge>().Stats().Waiting is > 0 and var waiting)
                await Console.Error.WriteLineAsync($"Replaying the journal: {waiting:N0} records to go.");
        }

        await caughtUp;
    }

    private static string Where(string configuration) =>
        string.Join(", ", ConfigurationOptions.Parse(configuration).EndPoints.Select(p => p.ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal)));

    /// <summary>The folder's lock says that nobody else is alive on the embedded store: silos that it remembers are earlier lives of this one.</summary>
    private static Task ForgetEarlierLives(StoreConnection connection, SiloPlan plan) =>
        connection.Database.KeyDeleteAsync($"{plan.ServiceId}/members/{plan.ClusterId}");

    private sealed class Disposing(IDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inner.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
