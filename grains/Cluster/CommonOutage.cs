using Microsoft.Extensions.Logging;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Cluster;

/// <summary>
/// Whether the store is away from every silo, and not from this one alone. Then nobody reads there what this silo's journal
/// is ahead of: whoever finds the store again asks the journals, too, until every silo is in step (<see cref="PeersInStep"/>).
/// So it is enough that each silo has said once since this one's outage began that it is away as well. Nothing is known of
/// one that does not answer.
/// </summary>
internal sealed partial class CommonOutage(IGrainFactory grains, ClusterView cluster, StoreHealth health, ILocalSiloDetails local, TimeProvider time, ILogger<CommonOutage> logger) : ICommonOutage
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ILogger<CommonOutage> _logger = logger;
    private readonly Lock _lock = new();
    private Outage? _last;

    /// <inheritdoc/>
    public bool IsHere => !health.IsWorthTrying;

    /// <summary>The others are asked when this is first asked in an outage.</summary>
    public bool IsCommon
    {
        get
        {
            if (health.IsWorthTrying || health.OutageBegan is not { } began)
                return false;
            var outage = Volatile.Read(ref _last);
            return outage is not null && outage.Began == began ? outage.IsCommon : Begin(began);
        }
    }

    private bool Begin(DateTimeOffset began)
    {
        lock (_lock)
        {
            if (_last?.Began != began)
            {
                _last = new Outage(began);
                _ = Task.Run(() => AskAll(_last));
            }
        }

        return false;
    }

    private async Task AskAll(Outage outage)
    {
        try
        {
            var away = new HashSet<SiloAddress>();
            while (Volatile.Read(ref _last) == outage && IsHere)
            {
                ClusterMember[] left = [.. cluster.Members.Where(m => IsUp(m.Status) && !m.SiloAddress.Equals(local.SiloAddress) && !away.Contains(m.SiloAddress))];
                if (left.Length == 0)
                {
                    outage.IsCommon = true;
                    return;
                }

                var answers = await Task.WhenAll(left.Select(m => grains.AskJournal(m.Name, static journal => journal.IsAway(), Patience, time))).ConfigureAwait(false);
                away.UnionWith(left.Where((_, i) => answers[i]).Select(m => m.SiloAddress));
                if (!Array.TrueForAll(answers, static isAway => isAway))
                    await Task.Delay(Pause, time).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            LogNotAsked(e.Message); // tasks go by way of their grains
        }
    }

    private static bool IsUp(SiloStatus status) => status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping;

    [LoggerMessage(Level = LogLevel.Information, Message = "Whether the other silos are without the store, too, could not be found out ({Reason})")]
    private partial void LogNotAsked(string reason);

    private sealed class Outage(DateTimeOffset began)
    {
        private volatile bool _isCommon;

        public DateTimeOffset Began => began;

        public bool IsCommon
        {
            get => _isCommon;
            set => _isCommon = value;
        }
    }
}
