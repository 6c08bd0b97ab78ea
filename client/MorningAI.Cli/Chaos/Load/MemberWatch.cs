using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>Asks every silo again and again how it sees the cluster, and writes down what changes.</summary>
internal sealed class MemberWatch(ChaosStage stage)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);

    public async Task Run(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookEvery, stage.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                await Look(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task Look(CancellationToken cancellationToken)
    {
        var views = await Task.WhenAll(stage.Silos.Select(async silo => (silo.Name, View: await silo.SeeMembers(cancellationToken))));
        foreach (var (silo, view) in views)
        {
            var text = view is null ? "" : $"{view.Address} {string.Join(' ', view.Silos)}";
            if (_seen.GetValueOrDefault(silo) == text)
                continue;
            _seen[silo] = text;
            stage.Log.Saw(silo, view);
        }
    }
}
