using System.Globalization;
using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Chaos.Stage;
using MorningAI.Silo.Bench;

namespace MorningAI.Cli.Bench.Stage;

/// <summary>What one system stands on in one run: an empty Redis of its own, and a folder.</summary>
internal sealed class BenchStage : IAsyncDisposable
{
    private readonly SlowWire? _wire;

    private BenchStage(string folder, BenchRedis redis, SlowWire? wire, TimeProvider time)
    {
        Folder = folder;
        Redis = redis;
        Time = time;
        _wire = wire;
        RedisPort = wire?.Port ?? redis.EndPoint.Port;
        Meeting = Directory.CreateDirectory(At("meeting")).FullName;
        Starts = new StartLog(StartsFile, time);
    }

    public string Folder { get; }

    /// <summary>Where the system leaves files for the bench.</summary>
    public string Meeting { get; }

    public BenchRedis Redis { get; }

    /// <summary>Where the system reaches it.</summary>
    public int RedisPort { get; }

    public string RedisUrl => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{RedisPort}");

    public string StartsFile => Path.Combine(Meeting, BenchProbe.StartsFile);

    /// <summary>When sampled tasks started.</summary>
    public StartLog Starts { get; }

    public TimeProvider Time { get; }

    /// <param name="delay">Added between the system and Redis; zero for none.</param>
    /// <exception cref="StageException">Redis did not come up.</exception>
    public static async Task<BenchStage> Start(string redisProgram, string folder, TimeSpan delay, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var redis = await BenchRedis.Start(redisProgram, Path.Combine(folder, "redis"), Path.Combine(folder, "redis.log"), time, cancellationToken);
        return new BenchStage(folder, redis, delay > TimeSpan.Zero ? new SlowWire(redis.EndPoint.Port, delay, time) : null, time);
    }

    public string At(string name) => Path.Combine(Folder, name);

    public async ValueTask DisposeAsync()
    {
        _wire?.Dispose();
        await Redis.DisposeAsync();
    }
}
