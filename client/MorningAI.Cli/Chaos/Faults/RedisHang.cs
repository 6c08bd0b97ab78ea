using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

internal sealed class RedisHang : IFault
{
    private static readonly TimeSpan Ping = TimeSpan.FromMilliseconds(300);

    private int _unanswered;

    public string Name => "redis-hang";

    public string Summary => "SIGSTOP to Redis: connections stay open and nothing answers; later SIGCONT";

    public FaultEvidence Evidence => new(_unanswered, "pings that Redis left unanswered");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        Signals.Stop(stage.Redis.Process.Id);
        await CheckThatItHangs(stage, cancellationToken);
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        await CheckThatItHangs(stage, cancellationToken);
        Signals.Continue(stage.Redis.Process.Id);
        await stage.Redis.WaitUntilItAnswers(cancellationToken);
    }

    private async Task CheckThatItHangs(ChaosStage stage, CancellationToken cancellationToken)
    {
        if (!await stage.Redis.Answers(Ping, cancellationToken))
            _unanswered++;
    }
}
