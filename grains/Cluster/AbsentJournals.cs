using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Cluster;

/// <summary>
/// Silos that died while the store could not be asked, and are not back. What they finished then is in their journals only:
/// to the store, and so to everybody else, it looks unfinished. They are given time to come back with them before it is
/// run again.
/// </summary>
public sealed partial class AbsentJournals(IClusterMembershipService membership, ILocalSiloDetails local, StoreHealth health, IPeersInStep peers, IOptions<DurableStorageOptions> options, TimeProvider time, ILogger<AbsentJournals> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ILogger<AbsentJournals> _logger = logger;
    private readonly ConcurrentDictionary<SiloAddress, DateTimeOffset> _alive = new();
    private readonly ConcurrentDictionary<SiloAddress, DateTimeOffset> _dead = new();
    private readonly ConcurrentDictionary<SiloAddress, DateTimeOffset> _diedAwaited = new();
    private Task? _none; // one for all that wait
    private long _lastDeath; // UTC ticks; 0: none

    /// <summary>
    /// Some silo is awaited: what the store shows as unfinished may be finished. Also one that nobody calls dead yet, and that
    /// has not been heard of since the outage: a silo that lives says so at once.
    /// </summary>
    public bool Any => peers.AreAwaited || (health.OutageBegan is not null || !_diedAwaited.IsEmpty) && membership.CurrentSnapshot.Members.Values.Any(m => m.Status switch
    {
        SiloStatus.Dead => IsAbsent(m.SiloAddress),
        SiloStatus.Active => IsSilent(m.SiloAddress),
        _ => false,
    });

    /// <summary>Completes when none is awaited any more.</summary>
    public Task WhenNone()
    {
        lock (_dead)
            return _none is null or { IsCompleted: true } ? _none = Wait() : _none;

        async Task Wait()
        {
            while (Any)
                await Task.Delay(Pause, time).ConfigureAwait(false);
        }
    }

    /// <summary>Silos that were found dead or have left, so far.</summary>
    public int Deaths => _dead.Count;

    /// <summary>A silo was found dead that lately. One that was only stopped or cut off may still write, until it finds out.</summary>
    public bool SawADeathWithin(TimeSpan span) => Volatile.Read(ref _lastDeath) is not 0 and var at && time.GetUtcNow().UtcTicks - at < span.Ticks;

    /// <summary>It died in an outage, its journal is not back, and it is worth waiting for.</summary>
    public bool IsAbsent(SiloAddress silo)
    {
        if (_diedAwaited.TryGetValue(silo, out var died) && !IsBack(silo) && time.GetUtcNow() < died + options.Value.AwaitJournal)
            return true;
        if (health.OutageBegan is not { } began || membership.CurrentSnapshot.GetSiloStatus(silo) != SiloStatus.Dead)
            return false;
        var now = time.GetUtcNow();
        var dead = _dead.GetOrAdd(silo, now);
        if (dead < began || !_alive.TryGetValue(silo, out var alive) || alive >= health.OutageEnded)
            return false;
        // Whoever comes back has replayed its journal before anybody meets it.
        if (IsBack(silo))
            return false;
        var until = (dead > health.OutageEnded ? dead : health.OutageEnded) + options.Value.AwaitJournal;
        if (dead == now)
            LogAwaits(silo, options.Value.AwaitJournal);
        return now < until;
    }

    /// <summary>A dead silo was cut off from the store, or was still giving back what it had while it was: its journal has more than the store.</summary>
    internal void DiedBehind(SiloAddress silo)
    {
        if (_diedAwaited.TryAdd(silo, time.GetUtcNow()))
            LogAwaits(silo, options.Value.AwaitJournal);
    }

    private bool IsBack(SiloAddress silo) => membership.CurrentSnapshot.Members.Keys.Any(m => m.Endpoint.Equals(silo.Endpoint) && m.Generation > silo.Generation);

    private bool IsSilent(SiloAddress silo) =>
        !silo.Equals(local.SiloAddress)
        && _alive.TryGetValue(silo, out var alive) && alive < health.OutageEnded
        && time.GetUtcNow() < health.OutageEnded + options.Value.AwaitJournal;

    /// <param name="alive">When it last wrote a sign of life into the store.</param>
    internal void Saw(SiloAddress silo, SiloStatus status, DateTimeOffset alive)
    {
        var now = time.GetUtcNow();
        if (status == SiloStatus.Dead && _dead.TryAdd(silo, now))
        {
            Volatile.Write(ref _lastDeath, now.UtcTicks);
            if (peers.AreAwaited && _diedAwaited.TryAdd(silo, now))
                LogAwaits(silo, options.Value.AwaitJournal); // it had not given the store all that it has
        }

        _alive[silo] = alive;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Silo} died while the store could not be asked. What it had is left to it for {Time} before it is run again: its journal may say that it is done")]
    private partial void LogAwaits(SiloAddress silo, TimeSpan time);
}
