using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using MorningAI.Cluster.Membership;
using MorningAI.Hosting;
using MorningAI.Silo.Store;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using Orleans.Runtime;
using StackExchange.Redis;

namespace MorningAI.Silo;

/// <summary>Starts a silo in this process.</summary>
public static class SiloHost
{
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

            // All of this is code that runs for the first time: what needs not wait for each other is done on two processors.
            var connecting = Task.Run(() => Connect(configuration, plan), CancellationToken.None);
            parts.Push(new Connected(connecting));
            var builder = SiloApp.Begin(plan, settings);
            var (connection, table) = await connecting;
            var warm = Task.Run(MembershipWarmup.Run, CancellationToken.None);
            var app = builder.Build(plan, data, connection, table);
            parts.Push(app);
            var manifests = Task.Run(() => app.Services.GetRequiredService<IClusterManifestProvider>(), CancellationToken.None); // with all that is serialized
            app.Services.GetRequiredService<IJournalGauge>(); // opens the journal: what is wrong with it is known at once
            app.Services.GetRequiredService<SiloArrival>().Begin();
            await Start(app, cancellationToken);
            await Task.WhenAll(manifests, warm);
            await File.WriteAllTextAsync(data.EndpointFile, JsonSerializer.Serialize(new { pid = Environment.ProcessId, url = plan.Url.GetLeftPart(UriPartial.Authority), name = plan.Name.Value }), cancellationToken);
            return new HostedSilo(plan, data.Path, app, parts);
        }
        catch (Exception e)
        {
            await SiloParts.End(parts);
            throw cancellationToken.IsCancellationRequested ? new OperationCanceledException("The silo was told to end while it started.", e, cancellationToken) : Reason(e);
        }
    }

    /// <summary>
    /// One that is told to end while it starts may have joined the others and be at work already: then it ends as any other, it
    /// drains, and they take down what it did.
    /// </summary>
    internal static async Task Start(IHost app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (app.Services.GetRequiredService<ISiloStatusOracle>().CurrentStatus == SiloStatus.Active)
        {
            await app.StopAsync(CancellationToken.None);
            throw;
        }
    }

    private static Exception Reason(Exception e) => e switch
    {
        AggregateException { InnerExceptions: [var only] } => Reason(only),
        AggregateException many => Reason(many.InnerExceptions.FirstOrDefault(i => i is SiloStartException or JournalException) ?? many.InnerExceptions[0]),
        SiloStartException or OperationCanceledException => e,
        JournalException => new SiloStartException(e.Message, e),
        IOException { InnerException: AddressInUseException or SocketException } or AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } =>
            new SiloStartException("One of this silo's ports was taken by another process while it started. Start it again, or choose others with --http, --silo-port and --gateway-port.", e),
        _ => new SiloStartException($"The silo cannot start: {e.Message}", e),
    };

    private static async Task<(StoreConnection Connection, BlankTable Table)> Connect(string configuration, SiloPlan plan)
    {
        try
        {
            var connection = await StoreConnection.Open(configuration);
            return (connection, BlankTable.Watch(connection, plan.ServiceId, plan.ClusterId, TimeProvider.System));
        }
        catch (RedisConnectionException e)
        {
            throw new SiloStartException($"Redis at {Where(configuration)} cannot be connected to: {StoreFaults.Of(e).Describe()}. Is REDIS_URL (or --redis) right?", e);
        }
        catch (ArgumentException e)
        {
            throw new SiloStartException("The Redis setting is not one that StackExchange.Redis reads. Use redis://host:6379 or host:6379,option=value.", e);
        }
    }

    private static string Where(string configuration) =>
        string.Join(", ", ConfigurationOptions.Parse(configuration).EndPoints.Select(p => p.ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal)));

    private sealed class Connected(Task<(StoreConnection Connection, BlankTable Table)> connecting) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whoever waited for it knows
            if (connecting.IsCompletedSuccessfully)
                await connecting.Result.Connection.DisposeAsync();
        }
    }

    private sealed class Disposing(IDisposable inner) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            inner.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
