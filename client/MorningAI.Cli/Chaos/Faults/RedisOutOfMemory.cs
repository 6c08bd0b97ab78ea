using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

internal sealed class RedisOutOfMemory : IFault
{
    private readonly RefusedWrites _refused = new("OOM");

    public string Name => "redis-oom";

    public string Summary => "maxmemory 1 with noeviction: Redis answers OOM to writes";

    public FaultEvidence Evidence => new(_refused.Count, "writes that Redis answered with OOM");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        await stage.Redis.Call(cancellationToken, "CONFIG", "SET", "maxmemory-policy", "noeviction", "maxmemory", "1");
        await _refused.Check(stage, cancellationToken);
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        await _refused.Check(stage, cancellationToken);
        await stage.Redis.Call(cancellationToken, "CONFIG", "SET", "maxmemory", "0");
    }
}
