namespace MorningAI.Cli.Bench.Measures;

/// <summary>What is measured, by the names that the report has for it. Rates are tasks a second.</summary>
internal static class Figure
{
    public const string Submit = "submit";
    public const string SubmitBulk = "submitBulk";
    public const string Drain = "drain";
    public const string IdleP50 = "idleP50Ms";
    public const string IdleP99 = "idleP99Ms";
    public const string SteadyRate = "steadyRate";
    public const string SteadyStart = "steadyStart";
    public const string SteadyDone = "steadyDone";
    public const string CpuWorker = "cpuWorkerMicros";
    public const string CpuClient = "cpuClientMicros";
    public const string CpuRedis = "cpuRedisMicros";
    public const string RedisCommands = "redisCommandsPerTask";
    public const string RedisReads = "redisReadsPerTask";
    public const string RedisBytes = "redisBytesPerTask";
    public const string WorkerBytesWaiting = "workerBytesPerWaitingTask";
    public const string RedisBytesWaiting = "redisBytesPerWaitingTask";
    public const string StartSeconds = "startSeconds";
    public const string RedisUp = "throughRedisUp";
    public const string RedisDown = "throughRedisDown";
    public const string BacklogSmall = "drainOf10Thousand";
    public const string BacklogMillion = "drainOf1Million";

    /// <summary>Before the name of what was measured with a millisecond added between system and Redis.</summary>
    public const string Slow = "slow";

    public static readonly (string Suffix, double Fraction)[] Percentiles = [("P50Ms", 0.5), ("P99Ms", 0.99), ("P999Ms", 0.999)];

    public static string Slowed(string figure) => Slow + char.ToUpperInvariant(figure[0]) + figure[1..];
}
