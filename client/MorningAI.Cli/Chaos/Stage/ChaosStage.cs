using System.Globalization;
using System.Security.Cryptography;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage.Network;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>The processes of one run: what faults are done to.</summary>
internal sealed class ChaosStage : IAsyncDisposable
{
    /// <summary>Enough that every silo has some of them.</summary>
    private const int Reminders = 12;

    private const long LeastDisk = 128 << 20;

    /// <summary>Its records and its log, and what compaction has not taken away yet; measured were 700.</summary>
    private const double JournalBytesPerTask = 2048;

    /// <summary>Finished tasks stay in a journal for 10 min, the window's default, of time without an outage.</summary>
    private static readonly TimeSpan JournalWindow = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private readonly Stack<IAsyncDisposable> _cleanUp = new();
    private readonly IStageNetwork _network;
    private readonly SiloSurroundings _surroundings;
    private readonly SiloKeeper? _keeper;
    private volatile IReadOnlyList<SiloProcess> _silos = [];
    private int _lastNumber;

    private ChaosStage(string redisProgram, ChaosFolder folder, RunLog log, ChaosSettings settings, StageNeeds needs, IStageNetwork network, TimeProvider time)
    {
        _network = network;
        Folder = folder;
        Log = log;
        Time = time;
        FaultTime = settings.Duration;
        DiskBytes = LeastDisk + (long)(settings.Rate * Math.Min(settings.Duration.TotalSeconds, JournalWindow.TotalSeconds) * JournalBytesPerTask);
        Random = new Random(settings.Seed);
        Redis = new RedisProcess(redisProgram, folder, log, network, time);
        Proxy = needs.Proxy ? new TcpProxy(network.AddressOf(TcpProxy.Name), Redis.EndPoint, time) : null;
        var redis = string.Create(CultureInfo.InvariantCulture, $"redis://{Proxy?.EndPoint ?? Redis.EndPoint}");
        _surroundings = new SiloSurroundings(folder, log, network, redis, Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), time);
        _keeper = needs.Keeper ? new SiloKeeper(this) : null;
    }

    public ChaosFolder Folder { get; }

    /// <summary>Of a silo's disk where it is one that can be filled: what a run of this rate and length journals, twice over.</summary>
    public long DiskBytes { get; }

    public RunLog Log { get; }

    public TimeProvider Time { get; }

    /// <summary>How long the present fault is to last.</summary>
    public TimeSpan FaultTime { get; set; }

    /// <summary>Seeded: whom a fault hits is the same in the next run.</summary>
    public Random Random { get; }

    public RedisProcess Redis { get; }

    /// <summary>Null unless the fault needs it.</summary>
    public TcpProxy? Proxy { get; }

    /// <summary>Null unless the fault needs it, and may have it.</summary>
    public NamespaceNetwork? Namespaces => _network as NamespaceNetwork;

    /// <summary>Those that are to be there now.</summary>
    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>What silos have for their way to Redis, in the network.</summary>
    public string WayToRedis => Proxy is null ? RedisProcess.Name : TcpProxy.Name;

    /// <summary>Tells whoever watches the run.</summary>
    public required Action<string> Say { get; init; }

    /// <summary>Who uses the system; from when the load has begun.</summary>
    public ILoad Load { get; set; } = null!;

    /// <summary>Some silo is gone that nobody here ended, and nobody starts again.</summary>
    public bool LacksASilo => _keeper is null && Silos.Any(s => s.EndedByItself);

    /// <summary>Starts nothing yet.</summary>
    /// <exception cref="NotPermittedException">The fault needs what this user may not do here.</exception>
    public static async Task<ChaosStage> Build(string redisProgram, ChaosFolder folder, RunLog log, ChaosSettings settings, StageNeeds needs, TimeProvider time, Action<string> say, CancellationToken cancellationToken)
    {
        var network = await StageNetworks.Make(needs.Network, cancellationToken);
        ChaosStage? stage = null;
        try
        {
            await network.Add(RedisProcess.Name, cancellationToken);
            stage = new ChaosStage(redisProgram, folder, log, settings, needs, network, time) { Say = say };
            for (var number = 0; number < settings.Silos; number++)
                await stage.Place(cancellationToken);
            return stage;
        }
        catch
        {
            await (stage?.DisposeAsync() ?? network.DisposeAsync());
            throw;
        }
    }

    /// <summary>Undone at the end of the run, after every process is gone.</summary>
    public void CleanUpLater(IAsyncDisposable part) => _cleanUp.Push(part);

    /// <exception cref="StageException">A process did not come up.</exception>
    public async Task Start(CancellationToken cancellationToken)
    {
        await Redis.Start(cancellationToken);
        // The first alone: it sets up the reminders, and silos that start together on an empty store fight over who founds the cluster.
        foreach (var silo in Silos)
        {
            await silo.Start(silo == Silos[0] ? Reminders : 0);
            if (silo == Silos[0])
                await silo.WaitUntilReady(cancellationToken);
        }

        foreach (var silo in Silos.Skip(1))
            await silo.WaitUntilReady(cancellationToken);
        _keeper?.Begin();
    }

    /// <summary>Starts one more, and returns while it is still coming up.</summary>
    public async Task<SiloProcess> AddSilo(CancellationToken cancellationToken)
    {
        var silo = await Place(cancellationToken);
        await silo.Start();
        return silo;
    }

    public async Task RestartSilo(SiloProcess silo, CancellationToken cancellationToken)
    {
        await silo.Start();
        await silo.WaitUntilReady(cancellationToken);
    }

    public SiloProcess AnySilo() => Silos[Random.Next(Silos.Count)];

    /// <summary>SIGKILL.</summary>
    public async Task KillSilo(SiloProcess silo)
    {
        Log.SiloKilled(silo.Name, silo.Process.Id);
        await silo.Process.Kill();
    }

    /// <summary>SIGTERM, and waits until it has left in order.</summary>
    /// <exception cref="TimeoutException">It has not, in time.</exception>
    public async Task StopSilo(SiloProcess silo, CancellationToken cancellationToken)
    {
        Log.SiloStopped(silo.Name, silo.Process.Id);
        await silo.Process.Terminate(StopLimit, Time, cancellationToken);
    }

    /// <summary>As <see cref="StopSilo"/>, and it is not to come back.</summary>
    public async Task RemoveSilo(SiloProcess silo, CancellationToken cancellationToken)
    {
        _silos = [.. _silos.Where(s => s != silo)];
        _cleanUp.Push(silo);
        Log.SiloLeft(silo.Name);
        await StopSilo(silo, cancellationToken);
    }

    public async Task WaitUntilAllReady(CancellationToken cancellationToken)
    {
        foreach (var silo in Silos)
            await silo.WaitUntilReady(cancellationToken, mayEnd: _keeper is not null);
    }

    /// <summary>Every process is ended, also where the keeper failed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_keeper is not null)
                await _keeper.DisposeAsync();
        }
        finally
        {
            await End();
        }
    }

    private async Task End()
    {
        foreach (var silo in Silos)
            await silo.DisposeAsync();
        await Redis.DisposeAsync();
        if (Proxy is not null)
            await Proxy.DisposeAsync();
        while (_cleanUp.TryPop(out var part))
            await part.DisposeAsync();
        await _network.DisposeAsync();
    }

    private async Task<SiloProcess> Place(CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"silo-{++_lastNumber}");
        await _network.Add(name, cancellationToken);
        var silo = new SiloProcess(name, _surroundings);
        _silos = [.. _silos, silo];
        return silo;
    }
}
