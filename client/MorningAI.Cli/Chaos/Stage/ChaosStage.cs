using System.Globalization;
using MorningAI.Cli.Chaos.Ledger;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>The processes of one run: what faults are done to.</summary>
internal sealed class ChaosStage : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _cleanUp = new();

    public ChaosStage(string redisProgram, ChaosFolder folder, RunLog log, ChaosSettings settings, bool needsProxy, TimeProvider time)
    {
        Folder = folder;
        Log = log;
        Time = time;
        Duration = settings.Duration;
        Random = new Random(settings.Seed);
        Redis = new RedisProcess(redisProgram, folder.At("redis"), folder.At("redis.log"), time);
        Proxy = needsProxy ? new TcpProxy(Redis.Port, time) : null;
        var redis = string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{Proxy?.Port ?? Redis.Port}");
        Silos = [.. Enumerable.Range(1, settings.Silos)
            .Select(n => string.Create(CultureInfo.InvariantCulture, $"silo-{n}"))
            .Select(name => new SiloProcess(name, folder.At(name), folder.At(name + ".log"), redis, folder.Ledger, time))];
    }

    public ChaosFolder Folder { get; }

    public RunLog Log { get; }

    public TimeProvider Time { get; }

    /// <summary>How long the fault is to last.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Seeded: whom a fault hits is the same in the next run.</summary>
    public Random Random { get; }

    public RedisProcess Redis { get; }

    /// <summary>Null unless the fault needs it.</summary>
    public TcpProxy? Proxy { get; }

    public IReadOnlyList<SiloProcess> Silos { get; }

    /// <summary>Undone at the end of the run, after every process is gone.</summary>
    public void CleanUpLater(IAsyncDisposable part) => _cleanUp.Push(part);

    /// <exception cref="StageException">A process did not come up.</exception>
    public async Task Start(CancellationToken cancellationToken)
    {
        await Redis.Start(cancellationToken);
        // The first alone: silos that start together on an empty store fight over who founds the cluster.
        foreach (var group in Silos.GroupBy(silo => silo == Silos[0]))
        {
            foreach (var silo in group)
                await StartSilo(silo);
            foreach (var silo in group)
                await silo.WaitUntilReady(cancellationToken);
        }
    }

    public async Task RestartSilo(SiloProcess silo, CancellationToken cancellationToken)
    {
        await StartSilo(silo);
        await silo.WaitUntilReady(cancellationToken);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillSilo(SiloProcess silo)
    {
        Log.SiloKilled(silo.Name, silo.Process.Id);
        await silo.Process.Kill();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos)
            await silo.DisposeAsync();
        await Redis.DisposeAsync();
        if (Proxy is not null)
            await Proxy.DisposeAsync();
        while (_cleanUp.TryPop(out var part))
            await part.DisposeAsync();
    }

    private async Task StartSilo(SiloProcess silo)
    {
        await silo.Start();
        Log.SiloStarted(silo.Name, silo.Process.Id);
    }
}
