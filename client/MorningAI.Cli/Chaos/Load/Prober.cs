using System.Collections.Concurrent;
using MorningAI.Cli.Chaos.Stage;
using MorningAI.Silo.Chaos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>After the heal: sends fresh tasks through every silo's own API until each silo takes part again.</summary>
internal sealed class Prober(ChaosStage stage, Observer observer, SubmittedTasks tasks, LoadCounts counts)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(60);

    /// <summary>Through each silo at a time: more than one, as any silo may run them.</summary>
    private const int Burst = 2;

    private readonly ConcurrentDictionary<string, string> _probes = new(StringComparer.Ordinal);

    /// <returns>True when every silo has finished a fresh task that came through it and run one; false where the time was up or a silo is gone.</returns>
    public async Task<bool> UntilResumed(CancellationToken cancellationToken)
    {
        var time = stage.Time;
        var began = time.GetTimestamp();
        var sending = new List<Task>();
        var resumed = false;
        while (!resumed && time.GetElapsedTime(began) < AtMost && !stage.LacksASilo)
        {
            foreach (var silo in stage.Silos)
                sending.AddRange(Enumerable.Range(0, Burst).Select(_ => Probe(silo, cancellationToken)));
            await Task.Delay(Interval, time, cancellationToken);
            resumed = HasResumed();
        }

        await Task.WhenAll(sending);
        return resumed;
    }

    private async Task Probe(SiloProcess silo, CancellationToken cancellationToken)
    {
        var began = stage.Time.GetUtcNow();
        if (await silo.Submit(new LedgerPayload(20, 0), cancellationToken) is not var (id, durability))
            return;
        stage.Log.SubmittedAt(began, id, silo.Name);
        stage.Log.Acknowledged(id, durability);
        tasks.All.Enqueue(TaskId.Parse(id));
        tasks.Acknowledged[id] = true;
        _probes[id] = silo.Name;
        counts.OnSubmitted();
        counts.OnAcknowledged();
    }

    private bool HasResumed() => stage.Silos.All(silo =>
        _probes.Any(p => p.Value == silo.Name && observer.Seen.ContainsKey(p.Key))
        && _probes.Any(p => observer.Seen.TryGetValue(p.Key, out var process) && process == silo.Process.Id));
}
