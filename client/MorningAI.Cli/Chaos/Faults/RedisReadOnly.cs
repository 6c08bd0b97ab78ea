using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

/// <remarks>As after a failover that left the old primary a replica.</remarks>
internal sealed class RedisReadOnly : IFault
{
    private readonly RefusedWrites _refused = new("READONLY");

    public string Name => "redis-readonly";

    public string Summary => "Redis becomes the replica of nobody (REPLICAOF): it reads, and answers READONLY to writes";

    public FaultEvidence Evidence => new(_refused.Count, "writes that Redis answered with READONLY");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        await stage.Redis.Call(cancellationToken, "CONFIG", "SET", "replica-read-only", "yes");
        await stage.Redis.Call(cancellationToken, "REPLICAOF", "127.0.0.1", "1"); // nothing listens there: its data stays
        await _refused.Check(stage, cancellationToken);
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        await _refused.Check(stage, cancellationToken);
        await stage.Redis.Call(cancellationToken, "REPLICAOF", "NO", "ONE");
    }
}
