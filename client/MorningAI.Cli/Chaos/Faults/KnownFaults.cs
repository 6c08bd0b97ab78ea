namespace MorningAI.Cli.Chaos.Faults;

internal static class KnownFaults
{
    private static readonly Func<IFault>[] Single =
    [
        () => new RedisKill(),
        () => new RedisHang(),
        () => new RedisFlush(),
        () => new RedisRollback(),
        () => new RedisReadOnly(),
        () => new RedisOutOfMemory(),
        () => new RedisSlow(),
        () => new RedisBlackHole(),
        () => new SiloKill(),
        () => new SiloKillInOutage(),
        () => new SiloPause(),
        () => new SiloStartInOutage(),
        () => new RollingRestart(),
        () => new FlushThenStart(),
        () => new DiskFull(),
        Partition.FromRedis,
        Partition.FromPeers,
    ];

    private static readonly Func<IFault>[] Makers = [.. Single, Partition.FromAll, () => new Everything(() => [.. Single.Select(make => make())])];

    public static IReadOnlyList<string> Names { get; } = [.. Makers.Select(make => make().Name)];

    public static string Table => string.Join('\n', Makers.Select(make => make()).Select(fault => $"  {fault.Name,-22}{fault.Summary}"));

    /// <returns>A new one; null for a name that none has.</returns>
    public static IFault? Make(string name) => Makers.Select(make => make()).FirstOrDefault(fault => fault.Name == name);
}
