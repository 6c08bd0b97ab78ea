using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

internal sealed class RedisSlow : IFault
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private long _delayed;

    public string Name => "redis-slow";

    public string Summary => "the wire to Redis adds 200 ms to every chunk, each way";

    public StageNeeds Needs => new() { Proxy = true };

    public FaultEvidence Evidence => new(_delayed, "chunks delayed on the wire");

    public Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        stage.Proxy!.Delay = Delay;
        return Task.CompletedTask;
    }

    public Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        stage.Proxy!.Delay = TimeSpan.Zero;
        _delayed = stage.Proxy.DelayedChunks;
        return Task.CompletedTask;
    }
}
