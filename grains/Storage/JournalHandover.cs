using Microsoft.Extensions.Logging;
using MorningAI.Cluster;
using MorningAI.Storage.Journaling;
using Orleans.Runtime;

namespace MorningAI.Storage;

/// <summary>
/// Before a silo leaves in order, the others take down what it did to what their journals keep. Its own journal leaves with
/// it: should the store lack that then, or lose it, the others would give it back as unfinished what this silo has ended.
/// They are given it from journal to journal: in soaks, what they took from the store when they saw it gone was not there
/// any more (5 tasks ran again), or they were still giving the store back what it had lost before (64). What neither they
/// nor a store that is away have at all, one of them gets.
/// </summary>
internal sealed partial class JournalHandover(IGrainFactory grains, ClusterView cluster, StoreHealth health, IJournal journal, ILocalSiloDetails local, TimeProvider time, ILogger<JournalHandover> logger)
{
    /// <summary>Some 100,000 unfinished records are compared in a second, the newest first. Beside its drain a silo has 15 s to stop.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ILogger<JournalHandover> _logger = logger;

    /// <summary>Waits for the others, and no longer than <see cref="Patience"/>: whatever is in the way, a silo that is told to leave does.</summary>
    public Task BeforeLeaving(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        return Task.WhenAll(TakenOver(began, cancellationToken), GivenAway(began, cancellationToken));
    }

    private async Task TakenOver(long began, CancellationToken cancellationToken)
    {
        HashSet<SiloAddress> done = [];
        while (true)
        {
            ClusterMember[] left = [.. Others().Where(m => !done.Contains(m.SiloAddress))];
            if (left.Length == 0)
                return;
            if (Left(began) is not { } patience)
            {
                LogLeftWithout(string.Join(", ", left.Select(m => m.Name)));
                return;
            }

            var answers = await Task.WhenAll(left.Select(m => grains.AskJournal(m.Name, journal => journal.TakeOver(local.Name), patience, time))).WaitAsync(cancellationToken);
            done.UnionWith(left.Where((_, i) => answers[i]).Select(m => m.SiloAddress));
            if (!Array.TrueForAll(answers, static a => a))
                await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>What a store that is away has not confirmed may be here alone. One that is only behind gets it from this silo, as long as there is time.</summary>
    private async Task GivenAway(long began, CancellationToken cancellationToken)
    {
        while (health.State != StoreState.Healthy && Others().Any())
        {
            if (Left(began) is not { } patience)
            {
                LogNotGiven();
                return;
            }

            if (!health.IsWorthTrying)
            {
                foreach (var other in Others())
                {
                    if (await Give(other.Name, patience).WaitAsync(cancellationToken))
                        return;
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<bool> Give(string silo, TimeSpan patience)
    {
        await journal.WhenSettled(journal.LastNumber); // what is not on disk yet is not read
        foreach (var (tag, entries) in journal.UnconfirmedPages())
        {
            HandedRecord[] records = [.. entries.Select(e => HandedRecord.Of(e, confirmed: 0))];
            for (var given = 0; given < records.Length;)
            {
                var next = HandedRecord.UpToBound(records.AsSpan(given)).ToArray();
                if (!await grains.AskJournal(silo, journal => journal.Keep(tag, next), patience, time))
                    return false;
                given += next.Length;
            }
        }

        return true;
    }

    private IEnumerable<ClusterMember> Others() => cluster.Members.Where(m => m.Status == SiloStatus.Active && !m.SiloAddress.Equals(local.SiloAddress));

    /// <returns>Null: no time is left.</returns>
    private TimeSpan? Left(long began) => Patience - time.GetElapsedTime(began) is var left && left > TimeSpan.Zero ? left : null;

    [LoggerMessage(Level = LogLevel.Information, Message = "Not taken down by {Silos} before this silo leaves: what it did last. They do it by the store when they see that it is gone; keep its data folder for a minute")]
    private partial void LogLeftWithout(string silos);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store does not have all that this silo has acknowledged, and no other silo took it: keep its data folder, and start it again")]
    private partial void LogNotGiven();
}
