using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

internal sealed class RedisFlush : IFault
{
    private const string Witness = "morningai-chaos:witness";

    private long _gone;

    public string Name => "redis-flush";

    public string Summary => "FLUSHALL under load: Redis goes on, empty";

    public FaultEvidence Evidence => new(_gone, "keys gone from Redis");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        await stage.Redis.Call(cancellationToken, "SET", Witness, "1");
        var before = await stage.Redis.CountKeys(cancellationToken);
        await stage.Redis.Call(cancellationToken, "FLUSHALL");
        if (await stage.Redis.Call(cancellationToken, "EXISTS", Witness) == "0")
            _gone = before;
    }

    public Task Heal(ChaosStage stage, CancellationToken cancellationToken) => Task.CompletedTask;
}
