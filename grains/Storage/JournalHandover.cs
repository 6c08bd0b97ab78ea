using Microsoft.Extensions.Logging;
using MorningAI.Cluster;
using Orleans.Runtime;

namespace MorningAI.Storage;

/// <summary>
/// Before a silo leaves in order, the others take down what it did to what their journals keep. Its own journal leaves with
/// it: should the store then lose what it shows, the others would give it back as unfinished what this silo has ended. They
/// would do it when they see it gone, too; in a soak the store was emptied before they had, and 5 tasks of 251,465 ran again.
/// </summary>
internal sealed partial class JournalHandover(IGrainFactory grains, ClusterView cluster, StoreHealth health, ILocalSiloDetails local, TimeProvider time, ILogger<JournalHandover> logger)
{
    /// <summary>
    /// A page of 256 records takes some milliseconds, and the newest come first; but after an outage the others have their
    /// own to give back before. Beside its drain a silo has 15 s to stop.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ILogger<JournalHandover> _logger = logger;

    /// <summary>Waits for them, and no longer than <see cref="Patience"/>: whatever is in the way, a silo that is told to leave does.</summary>
    public async Task BeforeLeaving(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        HashSet<SiloAddress> done = [];
        while (true)
        {
            ClusterMember[] left = [.. cluster.Members.Where(m => m.Status == SiloStatus.Active && !m.SiloAddress.Equals(local.SiloAddress) && !done.Contains(m.SiloAddress))];
            if (left.Length == 0)
                return;
            var patience = Patience - time.GetElapsedTime(began);
            // What is not in the store nobody can take from there: it stays with the journal, which is to come back.
            if (!health.IsWorthTrying || patience <= TimeSpan.Zero)
            {
                LogLeftWithout(string.Join(", ", left.Select(m => m.Name)));
                return;
            }

            if (health.State == StoreState.Healthy) // or else it gets what it has in a moment
            {
                var answers = await Task.WhenAll(left.Select(m => grains.AskJournal(m.Name, static journal => journal.Adopt(), patience, time))).WaitAsync(cancellationToken);
                done.UnionWith(left.Where((_, i) => answers[i]).Select(m => m.SiloAddress));
                if (Array.TrueForAll(answers, static a => a))
                    continue;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Not taken down by {Silos} before this silo leaves: what it did last. They do it when they see that it is gone; keep its data folder for a minute")]
    private partial void LogLeftWithout(string silos);
}
