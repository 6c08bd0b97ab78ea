using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

/// <remarks>As a new version is rolled out.</remarks>
internal sealed class RollingRestart : IFault
{
    private readonly HashSet<int> _left = [];
    private int _silos;

    public string Name => "rolling-restart";

    public string Summary => "SIGTERM to each silo in turn, and the next one's after it is back and ready";

    public Promises Promises(int silos) => silos == 1 ? Ledger.Promises.OfOnlySilosDeath : Ledger.Promises.OfRestarts;

    public FaultEvidence Evidence => new(_left.Count == _silos ? _left.Count : 0, "silos left with exit code 0 and came back");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        _silos = stage.Silos.Count;
        foreach (var silo in stage.Silos)
        {
            await stage.WaitUntilAllReady(cancellationToken); // as a rollout does; one that was called dead a moment ago is on its way back
            var process = silo.Process;
            await stage.StopSilo(silo, cancellationToken);
            await stage.RestartSilo(silo, cancellationToken); // whatever it said: a run without it would say more of that than of the fault
            if (process.ExitCode != 0)
                throw new StageException($"Silo {silo.Name} ended with exit code {process.ExitCode} after SIGTERM.");
            _left.Add(process.Id);
        }
    }

    public Task Heal(ChaosStage stage, CancellationToken cancellationToken) => stage.WaitUntilAllReady(cancellationToken);
}
