using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

internal sealed class SiloKillInOutage : IFault
{
    private SiloProcess? _victim;
    private int _died;

    public string Name => "silo-kill-in-outage";

    public string Summary => "Redis is killed, then a silo; Redis comes back, then the silo on the same data";

    public Promises Promises(int silos) => silos == 1 ? Ledger.Promises.OfOnlySilosDeath : Ledger.Promises.OfSiloDeathInOutage;

    public FaultEvidence Evidence => new(_died == 2 ? 2 : 0, "processes died of SIGKILL, Redis and then a silo");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        await stage.Redis.Kill();
        _died += stage.Redis.Process.DiedOfSigkill ? 1 : 0;
        await Task.Delay(stage.FaultTime / 2, stage.Time, cancellationToken);
        _victim = stage.AnySilo();
        await stage.KillSilo(_victim);
        _died += _victim.Process.DiedOfSigkill ? 1 : 0;
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        await stage.Redis.Start(cancellationToken);
        await stage.RestartSilo(_victim!, cancellationToken);
    }
}
