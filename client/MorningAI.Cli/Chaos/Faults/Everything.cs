using System.Globalization;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;
using MorningAI.Cli.Chaos.Stage.Network;

namespace MorningAI.Cli.Chaos.Faults;

/// <summary>One fault after the other, each healed before the next.</summary>
/// <param name="faults">New ones, on each call.</param>
internal sealed class Everything(Func<IReadOnlyList<IFault>> faults) : IFault
{
    private const double ShortestSeconds = 1;
    private const double LongestSeconds = 8;

    /// <summary>Between a heal and the next fault: some begin while the last one's recovery is still under way.</summary>
    private const double LongestPauseSeconds = 4;

    private readonly List<string> _happened = [];
    private readonly List<string> _missing = [];
    private List<IFault> _deck = [];
    private bool _disksCanBeFilled;

    public string Name => "everything";

    public string Summary => "all of these in random order, one after the other, for --seconds";

    public StageNeeds Needs => new() { Proxy = true, Network = NetworkNeed.Cuts, Keeper = true };

    public FaultEvidence Evidence => new(
        _missing.Count == 0 ? _happened.Count : 0,
        _missing.Count == 0 ? $"faults happened: {string.Join(", ", _happened)}" : $"runs of faults without a gap; these were done and did not happen: {string.Join(", ", _missing)}");

    public Promises Promises(int silos) => Ledger.Promises.OfEverything;

    public async Task SetUp(ChaosStage stage, CancellationToken cancellationToken) => _disksCanBeFilled = await DiskFull.MakeSmallDisks(stage, cancellationToken);

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        var (whole, began) = (stage.FaultTime, stage.Time.GetTimestamp());
        while (stage.Time.GetElapsedTime(began) < whole)
        {
            stage.FaultTime = TimeSpan.FromSeconds(Between(stage, ShortestSeconds, LongestSeconds));
            await Do(Next(stage), stage, cancellationToken);
        }
    }

    public Task Heal(ChaosStage stage, CancellationToken cancellationToken) => stage.WaitUntilAllReady(cancellationToken);

    private static double Between(ChaosStage stage, double least, double most) => least + (stage.Random.NextDouble() * (most - least));

    /// <summary>Each once in a random order, before any comes again.</summary>
    private IFault Next(ChaosStage stage)
    {
        if (_deck.Count == 0)
        {
            var possible = faults().Where(f => CanBe(f, stage)).ToArray();
            stage.Random.Shuffle(possible);
            _deck = [.. possible];
        }

        var next = _deck[^1];
        _deck.RemoveAt(_deck.Count - 1);
        return next;
    }

    private bool CanBe(IFault fault, ChaosStage stage) =>
        fault.LeastSilos <= stage.Silos.Count
        && (fault.Needs.Network != NetworkNeed.OnlyCuts || stage.Namespaces is not null)
        && (fault is not DiskFull || _disksCanBeFilled);

    private async Task Do(IFault fault, ChaosStage stage, CancellationToken cancellationToken)
    {
        stage.Say(string.Create(CultureInfo.InvariantCulture, $"FAULT {fault.Name} for {stage.FaultTime.TotalSeconds:0.0} s."));
        var silos = stage.Silos;
        await fault.Prepare(stage, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(Between(stage, 0, LongestPauseSeconds)), stage.Time, cancellationToken);
        stage.Log.FaultBegan(fault.Name);
        var began = stage.Time.GetTimestamp();
        try
        {
            await fault.Inject(stage, cancellationToken);
            if (stage.FaultTime - stage.Time.GetElapsedTime(began) is { TotalMilliseconds: >= 1 } rest)
                await Task.Delay(rest, stage.Time, cancellationToken);
        }
        finally
        {
            await fault.Heal(stage, cancellationToken);
        }

        var lasted = stage.Time.GetElapsedTime(began);
        (fault.Evidence.Count > 0 ? _happened : _missing).Add(fault.Name);
        foreach (var newcomer in stage.Silos.Except(silos))
            await stage.RemoveSilo(newcomer, cancellationToken);
        await stage.WaitUntilAllReady(cancellationToken);
        stage.Log.FaultEnded(fault.Name);
        await Task.Delay(fault.Aftermath(lasted), stage.Time, cancellationToken);
    }
}
