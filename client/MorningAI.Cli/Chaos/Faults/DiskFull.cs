using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

/// <remarks>
/// Each silo's data folder is a small file system of its own, so that it can be filled. Where this user may not mount one,
/// the journals have a limit instead that they reach at once, and keep.
/// </remarks>
internal sealed class DiskFull : IFault
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<SiloProcess> _refusing = [];
    private bool _canBeFilled = true;

    public string Name => "disk-full";

    public string Summary => "the silos' disks are full and Redis is killed: nothing can be made durable";

    public Promises Promises(int silos) => Ledger.Promises.OfNoDurability;

    public FaultEvidence Evidence => new(_refusing.Count, $"journals that their {(_canBeFilled ? "disk" : "limit")} refused while Redis was dead");

    /// <summary>For each silo of the run, before it is started.</summary>
    /// <returns>False where this user may not.</returns>
    public static async Task<bool> MakeSmallDisks(ChaosStage stage, CancellationToken cancellationToken)
    {
        foreach (var silo in stage.Silos)
        {
            if (await SmallDisk.TryMount(silo.DataFolder, stage.DiskBytes, cancellationToken) is not { } disk)
                return false;
            stage.CleanUpLater(disk);
        }

        return true;
    }

    public async Task SetUp(ChaosStage stage, CancellationToken cancellationToken)
    {
        _canBeFilled = await MakeSmallDisks(stage, cancellationToken);
        if (!_canBeFilled)
        {
            foreach (var silo in stage.Silos)
                silo.LimitJournal();
        }
    }

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        var began = stage.Time.GetTimestamp();
        Fill(stage);
        await stage.Redis.Kill();
        // What a journal's log has of the disk already it may use up, however long the fault was to last: it refuses when it needs more.
        while (_refusing.Count < stage.Silos.Count && stage.Time.GetElapsedTime(began) < (_refusing.Count == 0 ? Longest : stage.FaultTime))
        {
            await Task.Delay(Poll, stage.Time, cancellationToken);
            Fill(stage);
            foreach (var silo in stage.Silos)
            {
                if (await silo.JournalRefuses(cancellationToken))
                    _refusing.Add(silo);
            }
        }
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        if (_canBeFilled)
        {
            foreach (var silo in stage.Silos)
                SmallDisk.Free(silo.DataFolder);
        }

        await stage.Redis.Start(cancellationToken);
    }

    /// <summary>Again and again: what a silo gives back is taken from it.</summary>
    private void Fill(ChaosStage stage)
    {
        if (!_canBeFilled)
            return;
        foreach (var silo in stage.Silos)
            SmallDisk.Fill(silo.DataFolder);
    }
}
