using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

internal sealed class RedisBlackHole : IFault
{
    private long _swallowed;

    public string Name => "redis-blackhole";

    public string Summary => "the wire to Redis accepts everything and passes nothing on";

    public StageNeeds Needs => new() { Proxy = true };

    public FaultEvidence Evidence => new(_swallowed, "bytes swallowed on the wire");

    public Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        stage.Proxy!.BeginToSwallow();
        return Task.CompletedTask;
    }

    public Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        _swallowed = stage.Proxy!.SwallowedBytes;
        stage.Proxy.EndToSwallow();
        return Task.CompletedTask;
    }
}
