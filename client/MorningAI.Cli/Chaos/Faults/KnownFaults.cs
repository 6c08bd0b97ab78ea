namespace MorningAI.Cli.Chaos.Faults;

internal static class KnownFaults
{
    private static readonly Func<IFault>[] Makers =
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
        () => new DiskFull(),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. Makers.Select(make => make().Name)];

    public static string Table => string.Join('\n', Makers.Select(make => make()).Select(fault => $"  {fault.Name,-21}{fault.Summary}"));

    /// <returns>A new one; null for a name that none has.</returns>
    public static IFault? Make(string name) => Makers.Select(make => make()).FirstOrDefault(fault => fault.Name == name);
}
