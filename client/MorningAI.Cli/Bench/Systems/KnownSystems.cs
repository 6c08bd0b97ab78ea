namespace MorningAI.Cli.Bench.Systems;

/// <summary>Whom this system can be compared with.</summary>
internal static class KnownSystems
{
    private static readonly (string Name, Func<BenchSystem> Make)[] Peers =
    [
        (BullMq.SystemName, () => new BullMq()),
        (Sidekiq.SystemName, () => new Sidekiq()),
        (Rq.SystemName, () => new Rq()),
        (Celery.SystemName, () => new Celery()),
        (Hangfire.SystemName, () => new Hangfire()),
    ];

    public static IEnumerable<string> PeerNames => Peers.Select(p => p.Name);

    public static BenchSystem Make(string peer) => Peers.Single(p => p.Name == peer).Make();
}
