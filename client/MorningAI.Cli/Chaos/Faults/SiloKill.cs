using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

internal sealed class SiloKill : IFault
{
    private SiloProcess? _victim;
    private bool _died;

    public string Name => "silo-kill";

    public string Summary => "SIGKILL to one silo; later it starts again on its data";

    public Promises Promises(int silos) => silos == 1 ? Ledger.Promises.OfOnlySilosDeath : Ledger.Promises.OfSiloDeath;

    public FaultEvidence Evidence => new(_died ? 1 : 0, "silo processes died of SIGKILL");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        _victim = stage.AnySilo();
        await stage.KillSilo(_victim);
        _died = _victim.Process.DiedOfSigkill;
    }

    public Task Heal(ChaosStage stage, CancellationToken cancellationToken) => stage.RestartSilo(_victim!, cancellationToken);
}
