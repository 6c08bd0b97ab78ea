using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

internal sealed class RedisKill : IFault
{
    private string? _firstLife;
    private bool _died;
    private bool _isAnother;

    public string Name => "redis-kill";

    public string Summary => "SIGKILL to Redis; later it starts again on its data";

    public FaultEvidence Evidence => new(_died && _isAnother ? 1 : 0, "Redis processes died of SIGKILL and came back as others");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        _firstLife = await stage.Redis.RunId(cancellationToken);
        await stage.Redis.Kill();
        _died = stage.Redis.Process.DiedOfSigkill;
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        await stage.Redis.Start(cancellationToken);
        _isAnother = await stage.Redis.RunId(cancellationToken) != _firstLife;
    }
}
