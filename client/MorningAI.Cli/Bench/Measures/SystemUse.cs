using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Measures;

/// <summary>What a system's processes have used so far.</summary>
/// <param name="WorkerProcess">Its id, to tell one life of it from the next.</param>
internal sealed record SystemUse(int WorkerProcess, TimeSpan Worker, TimeSpan Client, TimeSpan RedisTime, RedisUse Redis)
{
    public SystemUse Since(SystemUse before) =>
        new(WorkerProcess, Worker - before.Worker, Client - before.Client, RedisTime - before.RedisTime, Redis.Since(before.Redis));
}
