using MorningAI.Cluster;
using MorningAI.Workers;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace MorningAI.Storage;

/// <summary>What a silo's journal answers to the others. Key: the silo's name; it lives there.</summary>
[Alias("mai.IPeerJournalGrain")]
internal interface IPeerJournalGrain : IGrainWithStringKey
{
    /// <returns>The newest record of the key that this silo has, header included, and only that of a removed one; null where it has none.</returns>
    [Alias("Find")]
    Task<byte[]?> Find(string tag, string kind, string id);

    /// <summary>Whether the store, looked at anew, has everything that this silo's journal keeps for it.</summary>
    [Alias("IsInStep")]
    Task<bool> IsInStep();

    /// <summary>Whether the store is away from this silo.</summary>
    [Alias("IsAway")]
    Task<bool> IsAway();

    /// <summary>Takes down what a silo that is about to leave did to what this one keeps.</summary>
    /// <param name="leaving">Its name.</param>
    /// <returns>Whether that is all of it, and on disk: false where neither the store nor the disk took some of it, or that silo did not answer.</returns>
    [Alias("TakeOver")]
    Task<bool> TakeOver(string leaving);

    /// <summary>Takes in what a silo that is about to leave has acknowledged, and the store does not have.</summary>
    /// <returns>False where neither the store nor the disk took some of it.</returns>
    [Alias("Keep")]
    Task<bool> Keep(string tag, HandedRecord[] handed);

    /// <summary>What this silo has of a tag that is newer than what another one keeps, or the end of it. The answer has a bound: see <see cref="NewerRecords.Compared"/>.</summary>
    [Alias("NewerThan")]
    Task<NewerRecords> NewerThan(string tag, RecordVersion[] known);
}

[WorkerPlacement, Reentrant]
internal sealed class PeerJournalGrain(DurableRecords records, StoreHealth health, ILocalSiloDetails silo) : Grain, IPeerJournalGrain
{
    public Task<bool> IsInStep()
    {
        MustBeHome();
        return records.IsInStep();
    }

    public Task<bool> IsAway()
    {
        MustBeHome();
        return Task.FromResult(!health.IsWorthTrying);
    }

    public async Task<bool> TakeOver(string leaving)
    {
        MustBeHome();
        var theirs = GrainFactory.GetGrain<IPeerJournalGrain>(leaving);
        try
        {
            return await records.TakeOver(theirs.NewerThan);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return false; // it has left
        }
    }

    public Task<bool> Keep(string tag, HandedRecord[] handed)
    {
        MustBeHome();
        return records.Keep(tag, handed);
    }

    public Task<NewerRecords> NewerThan(string tag, RecordVersion[] known)
    {
        MustBeHome();
        return Task.FromResult(records.NewerThan(tag, known));
    }

    public Task<byte[]?> Find(string tag, string kind, string id)
    {
        MustBeHome();
        return Task.FromResult(records.FindHere(new RecordKey(tag, kind, id)));
    }

    private void MustBeHome()
    {
        if (silo.Name == this.GetPrimaryKeyString())
            return;
        this.MigrateOnIdle();
        throw new OrleansException($"The journal of {this.GetPrimaryKeyString()} is not on {silo.Name}; its grain is on its way there.");
    }
}

/// <summary>Asks the other silos for a record that the store cannot be asked for: it may be with the one that wrote it.</summary>
internal sealed class PeerJournals(IGrainFactory grains, ClusterView cluster, AbsentJournals absent, IPeersInStep peers, ILocalSiloDetails silo, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Who has not answered is likely dead; in an outage that is not found out before it is over.</summary>
    private static readonly TimeSpan SilenceLasts = TimeSpan.FromSeconds(5);

    private long _silence; // timestamp; 0: none

    /// <summary>Whether this cluster has, or had, other silos.</summary>
    public bool WereEver => !cluster.IsAlone;

    /// <summary>One of them may have acknowledged what the store does not show yet.</summary>
    public bool MayHaveMore => peers.MayHaveMore;

    /// <summary>One did not answer just now: to ask all of them again is to wait in vain.</summary>
    public bool WasOneSilent => Volatile.Read(ref _silence) is not 0 and var at && time.GetElapsedTime(at) < SilenceLasts;

    /// <inheritdoc cref="AbsentJournals.SawADeathWithin"/>
    public bool LostOneWithin(TimeSpan span) => absent.SawADeathWithin(span);

    /// <inheritdoc cref="AbsentJournals.Deaths"/>
    public int Deaths => absent.Deaths;

    public async Task<PeerAnswer> Find(RecordKey key)
    {
        var members = cluster.Members;
        var names = members
            .Where(m => m.Status == SiloStatus.Active && !m.SiloAddress.Equals(silo.SiloAddress))
            .Select(m => m.Name);
        var answers = await Task.WhenAll(names.Select(name => Ask(name, key))).ConfigureAwait(false);
        return new PeerAnswer(
            answers.Select(a => a.Newest).Where(r => r is not null).MaxBy(r => RecordHeader.Read(r).Version),
            members.All(m => m.Status == SiloStatus.Active) && answers.All(a => a.IsComplete));
    }

    private async Task<PeerAnswer> Ask(string name, RecordKey key)
    {
        try
        {
            var found = await grains.GetGrain<IPeerJournalGrain>(name).Find(key.Tag, key.Kind, key.Id).WaitAsync(Patience, time).ConfigureAwait(false);
            return new PeerAnswer(found, IsComplete: true);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            Volatile.Write(ref _silence, time.GetTimestamp());
            return new PeerAnswer(null, IsComplete: false); // one that does not answer proves nothing; the caller is told "unavailable", never "not found"
        }
    }
}

/// <param name="Newest">The newest record that any of those that answered has, header included; null where they have none.</param>
/// <param name="IsComplete">Every silo that is known of lives and has answered.</param>
internal readonly record struct PeerAnswer(byte[]? Newest, bool IsComplete);
