using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Storage;
using Orleans.Runtime;
using Xunit;

namespace MorningAI.Tests.Unit.Cluster;

/// <summary>Whose unfinished work may be finished after all, and how long that is believed.</summary>
public sealed class AbsentJournalsTests
{
    private static readonly SiloAddress Silo = SiloAddress.New(IPEndPoint.Parse("10.0.0.1:11111"), 1);
    private static readonly SiloAddress Own = SiloAddress.New(IPEndPoint.Parse("10.0.0.2:11111"), 1);
    private readonly FakeTimeProvider _time = new();
    private readonly StoreHealth _health;
    private readonly AbsentJournals _absent;
    private ImmutableDictionary<SiloAddress, ClusterMember> _members = ImmutableDictionary<SiloAddress, ClusterMember>.Empty;
    private DateTimeOffset _alive;
    private bool _awaited;

    public AbsentJournalsTests()
    {
        _health = new StoreHealth(_time, NullLogger<StoreHealth>.Instance);
        _absent = new AbsentJournals(
            Stand.In<IClusterMembershipService>((_, _) => new ClusterMembershipSnapshot(_members, new MembershipVersion(1))),
            Stand.In<ILocalSiloDetails>((_, _) => Own),
            _health,
            Stand.In<IPeersInStep>((_, _) => _awaited),
            Options.Create(new DurableStorageOptions()),
            _time,
            NullLogger<AbsentJournals>.Instance);
        See(SiloStatus.Active, alive: true);
    }

    [Fact]
    public void SawADeath_IsSoForItsTimeAfterTheFirstSight()
    {
        Assert.False(_absent.SawADeathWithin(TimeSpan.FromMinutes(1)));
        See(SiloStatus.Dead);
        Pass(59);
        See(SiloStatus.Dead);
        Assert.True(_absent.SawADeathWithin(TimeSpan.FromMinutes(1)));
        Pass(2);
        Assert.False(_absent.SawADeathWithin(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void DiedBehind_IsAwaitedForItsTime()
    {
        See(SiloStatus.Dead);
        Assert.False(_absent.IsAbsent(Silo));
        _absent.DiedBehind(Silo);
        Assert.True(_absent.IsAbsent(Silo));
        Pass(61);
        Assert.False(_absent.IsAbsent(Silo));
    }

    [Fact]
    public void Any_PeersHaveNotGivenBackAllThatTheyHave_IsSo()
    {
        _awaited = true;
        Assert.True(_absent.Any);
        _awaited = false;
        Assert.False(_absent.Any);
    }

    [Fact]
    public void IsAbsent_DiedBeforeItHadGivenAllBack_IsAwaitedForItsTimeWithoutAnOutage()
    {
        _awaited = true;
        See(SiloStatus.Dead);
        _awaited = false;
        Assert.True(_absent.IsAbsent(Silo));
        Assert.True(_absent.Any);
        Pass(61);
        Assert.False(_absent.IsAbsent(Silo));
        Assert.False(_absent.Any);
    }

    [Fact]
    public void IsAbsent_DiedWhileAllWasGivenBack_IsNot()
    {
        See(SiloStatus.Dead);
        _awaited = true;
        Assert.False(_absent.IsAbsent(Silo));
    }

    [Fact]
    public void Any_NotHeardOfSinceTheOutage_IsAwaitedForItsTimeOrUntilItSaysThatItLives()
    {
        Assert.False(_absent.Any);
        Outage(() => { });
        Assert.True(_absent.Any);
        Pass(1);
        See(SiloStatus.Active, alive: true);
        Assert.False(_absent.Any);
        Outage(() => { });
        Pass(61);
        Assert.False(_absent.Any);
    }

    [Fact]
    public void IsAbsent_DiedWithoutAnOutage_IsNot()
    {
        See(SiloStatus.Dead);
        Assert.False(_absent.IsAbsent(Silo));
    }

    [Fact]
    public void IsAbsent_DiedInAnOutage_IsForItsTimeAfterIt()
    {
        Outage(() => See(SiloStatus.Dead));
        Assert.True(_absent.IsAbsent(Silo) && _absent.Any);
        Pass(59);
        Assert.True(_absent.IsAbsent(Silo));
        Pass(2);
        Assert.False(_absent.IsAbsent(Silo) || _absent.Any);
    }

    [Fact]
    public void IsAbsent_FoundDeadOnlyAfterTheOutage_IsFromThenOn()
    {
        Outage(() => { });
        Pass(8);
        See(SiloStatus.Dead);
        Assert.True(_absent.IsAbsent(Silo));
        Pass(58);
        Assert.True(_absent.IsAbsent(Silo));
    }

    [Fact]
    public void IsAbsent_WasAliveAfterTheOutage_IsNot()
    {
        Outage(() => { });
        Pass(3);
        See(SiloStatus.Active, alive: true);
        Pass(10);
        See(SiloStatus.Dead);
        Assert.False(_absent.IsAbsent(Silo));
    }

    [Fact]
    public void IsAbsent_DeadBeforeTheOutage_IsNot()
    {
        See(SiloStatus.Dead);
        Pass(5);
        Outage(() => { });
        Assert.False(_absent.IsAbsent(Silo));
    }

    [Fact]
    public void IsAbsent_BackWithItsJournal_IsNot()
    {
        Outage(() => See(SiloStatus.Dead));
        Assert.True(_absent.IsAbsent(Silo));
        var next = SiloAddress.New(Silo.Endpoint, 2);
        _members = _members.Add(next, new ClusterMember(next, SiloStatus.Joining, "one"));
        Assert.False(_absent.IsAbsent(Silo));
    }

    private void Outage(Action during)
    {
        Pass(30);
        _health.ProbeFailed(StoreFault.Unreachable);
        Pass(20);
        during();
        Pass(20);
        _health.ProbeAnswered(TimeSpan.FromMilliseconds(1));
        _health.CaughtUp();
    }

    private void See(SiloStatus status, bool alive = false)
    {
        if (alive)
            _alive = _time.GetUtcNow();
        _members = _members.SetItem(Silo, new ClusterMember(Silo, status, "one"));
        _absent.Saw(Silo, status, _alive);
    }

    private void Pass(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
