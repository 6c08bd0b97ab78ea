using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;
using MorningAI.Cli.Chaos.Stage.Network;

namespace MorningAI.Cli.Chaos.Faults;

/// <summary>One silo loses what it sends to others and what they send to it. Its clients still reach it.</summary>
/// <remarks>Packets are lost without a word, as where a switch or a firewall's rule is broken.</remarks>
internal sealed class Partition : IFault
{
    /// <summary>Until a probe is answered again.</summary>
    private static readonly TimeSpan NextProbes = TimeSpan.FromSeconds(2);

    private readonly bool _fromRedis;
    private readonly bool _fromPeers;
    private readonly Promises _promises;
    private SiloProcess? _victim;
    private long _lost;

    private Partition(string name, string summary, bool fromRedis, bool fromPeers, Promises promises)
    {
        Name = name;
        Summary = summary;
        (_fromRedis, _fromPeers) = (fromRedis, fromPeers);
        _promises = promises;
    }

    public string Name { get; }

    public string Summary { get; }

    public StageNeeds Needs => new() { Network = NetworkNeed.OnlyCuts, Keeper = _fromPeers };

    public int LeastSilos => _fromPeers ? 2 : 1;

    public FaultEvidence Evidence => new(_lost, "packets lost between a silo and what it was cut off from");

    public static Partition FromRedis() => new(
        "partition-from-redis", "the network between one silo and Redis is cut", fromRedis: true, fromPeers: false, Ledger.Promises.OfRedisFault);

    public static Partition FromPeers() => new(
        "partition-from-peers", "the network between one silo and all others is cut; each reaches Redis", fromRedis: false, fromPeers: true, Ledger.Promises.OfPartition);

    /// <summary>Not in a sequence of faults: what runs on both sides would be taken for another's breach.</summary>
    public static Partition FromAll() => new(
        "partition-from-all", "the network between one silo and all others and Redis is cut; its clients still reach it", fromRedis: true, fromPeers: true, Ledger.Promises.OfIsolation);

    public Promises Promises(int silos) => _promises;

    /// <summary>
    /// A connection sends again after pauses that double, so it comes back up to as long after the cut as that lasted. A silo
    /// that is cut off from Redis before that is cut off from all: in a soak 669 tasks ran on both sides then.
    /// </summary>
    public TimeSpan Aftermath(TimeSpan lasted) => _fromPeers ? lasted + NextProbes : TimeSpan.Zero;

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        var before = await stage.Namespaces!.LostPackets(cancellationToken);
        _victim = stage.AnySilo();
        if (_fromRedis)
            await stage.Namespaces.Cut(_victim.Name, stage.WayToRedis, cancellationToken);
        if (_fromPeers)
            await CutFromPeers(stage, _victim, cancellationToken);
        await Task.Delay(stage.FaultTime, stage.Time, cancellationToken);
        _lost = await stage.Namespaces.LostPackets(cancellationToken) - before;
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        await stage.Namespaces!.MendAll(cancellationToken);
        stage.Log.NetworkMended();
        await stage.WaitUntilAllReady(cancellationToken);
    }

    private static async Task CutFromPeers(ChaosStage stage, SiloProcess victim, CancellationToken cancellationToken)
    {
        stage.Log.SiloCutOff(victim.Name);
        foreach (var other in stage.Silos.Where(s => s != victim))
            await stage.Namespaces!.Cut(victim.Name, other.Name, cancellationToken);
    }
}
