using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

/// <remarks>As on a machine that swaps, or whose virtual machine was moved. What comes back believes that no time has passed.</remarks>
internal sealed class SiloPause : IFault
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private SiloProcess? _victim;
    private int _zombie;
    private bool _wasShownDead;

    public string Name => "silo-pause";

    public string Summary => "SIGSTOP to one silo until the others show it dead; then SIGCONT: a zombie with work in its hands";

    public StageNeeds Needs => new() { Keeper = true };

    public int LeastSilos => 2;

    public Promises Promises(int silos) => Ledger.Promises.OfZombie;

    public FaultEvidence Evidence => new(_wasShownDead ? 1 : 0, "silo processes were shown dead by all others while they were stopped, and went on");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        _victim = stage.AnySilo();
        var dead = await _victim.SeeMembers(cancellationToken) ?? throw new StageException($"Silo {_victim.Name} does not say its address.");
        _zombie = _victim.Process.Id;
        stage.Log.SiloPaused(_victim.Name, _zombie);
        Signals.Stop(_zombie);
        var began = stage.Time.GetTimestamp();
        while (!(_wasShownDead = await AllOthersShowDead(stage, dead.Address, cancellationToken)) && stage.Time.GetElapsedTime(began) < AtMost)
            await Task.Delay(Poll, stage.Time, cancellationToken);
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        Signals.Continue(_zombie);
        // Known to be dead, it must end and be started again; its last acts come before.
        var began = stage.Time.GetTimestamp();
        while (_wasShownDead && _victim!.Process.Id == _zombie && stage.Time.GetElapsedTime(began) < AtMost)
            await Task.Delay(Poll, stage.Time, cancellationToken);
        if (_wasShownDead && _victim!.Process.Id == _zombie)
            throw new StageException($"Silo {_victim.Name} was declared dead, came back, and did not end within {AtMost.TotalSeconds} s.");
        await stage.WaitUntilAllReady(cancellationToken);
    }

    private async Task<bool> AllOthersShowDead(ChaosStage stage, string address, CancellationToken cancellationToken)
    {
        var views = await Task.WhenAll(stage.Silos.Where(s => s != _victim).Select(s => s.SeeMembers(cancellationToken)));
        return views.Length > 0 && views.All(view => view?.ShowsDead(address) == true);
    }
}
