using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Storage;

/// <summary>Whether a silo that leaves waits for the others, and for how long.</summary>
public sealed class JournalHandoverTests
{
    private static readonly SiloAddress Own = SiloAddress.New(IPEndPoint.Parse("10.0.0.1:11111"), 1);

    private readonly FakeTimeProvider _time = new(Given.Now);
    private readonly StoreHealth _health;
    private readonly JournalHandover _handover;
    private ImmutableDictionary<SiloAddress, ClusterMember> _members = ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(Own, new ClusterMember(Own, SiloStatus.Active, "own"));
    private Func<string, Task<bool>> _adopt = _ => Task.FromResult(true);
    private readonly List<string> _asked = [];

    public JournalHandoverTests()
    {
        _health = new StoreHealth(_time, NullLogger<StoreHealth>.Instance);
        var local = Stand.In<ILocalSiloDetails>((_, _) => Own);
        var cluster = new ClusterView(Stand.In<IClusterMembershipService>((_, _) => new ClusterMembershipSnapshot(_members, new MembershipVersion(1))), local);
        var grains = Stand.Grains((_, name) => Stand.In<IPeerJournalGrain>((_, _) =>
        {
            _asked.Add(name);
            return _adopt(name);
        }));
        _handover = new JournalHandover(grains, cluster, _health, local, _time, NullLogger<JournalHandover>.Instance);
    }

    [Fact]
    public async Task BeforeLeaving_NoOtherSilo_AsksNobody()
    {
        await Leave().InTime();
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task BeforeLeaving_OthersLive_EachIsAskedAndDeadOnesAreNot()
    {
        Add(2, SiloStatus.Active);
        Add(3, SiloStatus.Active);
        Add(4, SiloStatus.Dead);
        await Leave().InTime();
        Assert.Equal(["silo-2", "silo-3"], _asked.Order());
    }

    /// <summary>It is out of step with the store, which was rolled back a moment ago: soon it is not.</summary>
    [Fact]
    public async Task BeforeLeaving_OneHasNotAll_IsAskedAgainAlone()
    {
        Add(2, SiloStatus.Active);
        Add(3, SiloStatus.Active);
        _adopt = name => Task.FromResult(name != "silo-3" || _asked.Count(n => n == name) >= 3);
        var leave = Leave();
        await Until.Passes(_time, TimeSpan.FromMilliseconds(100), () => leave.IsCompleted, "it leaves");
        await leave;
        Assert.Equal(["silo-2", "silo-3", "silo-3", "silo-3"], _asked.Order());
    }

    [Fact]
    public async Task BeforeLeaving_OneDoesNotAnswer_IsNotForLong()
    {
        Add(2, SiloStatus.Active);
        _adopt = _ => new TaskCompletionSource<bool>().Task;
        var leave = Leave();
        await Until.Passes(_time, TimeSpan.FromSeconds(1), () => leave.IsCompleted, "it leaves");
        await leave;
        Assert.InRange(_time.GetUtcNow() - Given.Now, JournalHandover.Patience, JournalHandover.Patience * 2);
    }

    /// <summary>The others cannot take from the store what it does not have yet.</summary>
    [Fact]
    public async Task BeforeLeaving_TheStoreIsJustBack_WaitsUntilItHasAll()
    {
        Add(2, SiloStatus.Active);
        _health.CallFailed(StoreFault.Unreachable);
        _health.ProbeAnswered(TimeSpan.Zero);
        Assert.Equal(StoreState.Recovering, _health.State);
        var leave = Leave();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_asked);

        _health.CaughtUp();
        await Until.Passes(_time, TimeSpan.FromMilliseconds(100), () => leave.IsCompleted, "it leaves");
        await leave;
        Assert.Equal(["silo-2"], _asked);
    }

    [Fact]
    public async Task BeforeLeaving_Outage_WaitsForNothing()
    {
        Add(2, SiloStatus.Active);
        _health.CallFailed(StoreFault.Unreachable);
        await Leave().InTime();
        Assert.Empty(_asked);
    }

    private Task Leave() => _handover.BeforeLeaving(TestContext.Current.CancellationToken);

    private void Add(int number, SiloStatus status)
    {
        var silo = SiloAddress.New(IPEndPoint.Parse($"10.0.0.{number}:11111"), 1);
        _members = _members.Add(silo, new ClusterMember(silo, status, $"silo-{number}"));
    }
}
