using System.Globalization;

namespace MorningAI.Cli.Bench.Stage;

/// <summary>What Redis says that it has done since its start.</summary>
/// <param name="Commands">Executed, those inside scripts included.</param>
/// <param name="Reads">Of its sockets: commands that came together share one.</param>
/// <param name="Bytes">In and out.</param>
/// <param name="Memory">In use now.</param>
internal sealed record RedisUse(long Commands, long Reads, long Bytes, long Memory)
{
    public static async Task<RedisUse> Read(BenchRedis redis, CancellationToken cancellationToken)
    {
        var stats = await redis.Call(cancellationToken, "INFO", "stats");
        var memory = await redis.Call(cancellationToken, "INFO", "memory");
        return new RedisUse(
            Field(stats, "total_commands_processed"),
            Field(stats, "total_reads_processed"),
            Field(stats, "total_net_input_bytes") + Field(stats, "total_net_output_bytes"),
            Field(memory, "used_memory"));
    }

    public RedisUse Since(RedisUse before) =>
        new(Commands - before.Commands, Reads - before.Reads, Bytes - before.Bytes, Memory - before.Memory);

    internal static long Field(string info, string name)
    {
        var start = name + ":";
        return info.Split("\r\n").FirstOrDefault(l => l.StartsWith(start, StringComparison.Ordinal)) is { } line
            ? long.Parse(line.AsSpan(start.Length), CultureInfo.InvariantCulture)
            : 0;
    }
}
