using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Cluster;

/// <summary>Whether the store is away from all, or from this silo alone.</summary>
public sealed class CommonOutageTests
{
    private static readonly SiloAddress Own = SiloAddress.New(IPEndPoint.Parse("10.0.0.1:11111"), 1);
    private static readonly SiloAddress Other = SiloAddress.New(IPEndPoint.Parse("10.0.0.2:11111"), 1);

    private readonly FakeTimeProvider _time = new(Given.Now);
    private readonly StoreHealth _health;
    private readonly CommonOutage _outage;
    private ImmutableDictionary<SiloAddress, ClusterMember> _members = ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(Own, new ClusterMember(Own, SiloStatus.Active, "own"));
    private Func<bool> _isOtherAway = () => true;
    private int _asked;

    public CommonOutageTests()
    {
        _health = new StoreHealth(_time, NullLogger<StoreHealth>.Instance);
        var local = Stand.In<ILocalSiloDetails>((_, _) => Own);
        var cluster = new ClusterView(Stand.In<IClusterMembershipService>((_, _) => new ClusterMembershipSnapshot(_members, new MembershipVersion(1))), local);
        var grains = Stand.Grains((_, _) => Stand.In<IPeerJournalGrain>((_, _) =>
        {
            Interlocked.Increment(ref _asked);
            return Task.FromResult(_isOtherAway());
        }));
        _outage = new CommonOutage(grains, cluster, _health, local, _time, NullLogger<CommonOutage>.Instance);
    }

    [Fact]
    public async Task IsCommon_NoOtherSilo_IsSoonSo()
    {
        Assert.False(_outage.IsCommon);
        _health.CallFailed(StoreFault.Unreachable);
        await Passes(() => _outage.IsCommon);
    }

    [Fact]
    public async Task IsCommon_TheOtherIsAwayAfterAWhile_IsSoFromThen_AndAskedAnewInTheNextOutage()
    {
        Add(SiloStatus.Active);
        _isOtherAway = () => _asked >= 3;
        _health.CallFailed(StoreFault.Unreachable);
        await Passes(() => _outage.IsCommon);
        Assert.Equal(3, _asked);

        _health.ProbeAnswered(TimeSpan.Zero);
        Assert.False(_outage.IsCommon);
        _time.Advance(TimeSpan.FromSeconds(1));
        _health.CallFailed(StoreFault.Unreachable);
        Assert.False(_outage.IsCommon);
        await Passes(() => _outage.IsCommon);
        Assert.Equal(4, _asked);
    }

    /// <summary>Others have said so already: it is not asked without a pause for that.</summary>
    [Fact]
    public async Task IsCommon_TheLastOfSeveralIsNotAway_IsAskedOnceAPause()
    {
        Add(SiloStatus.Active);
        var third = SiloAddress.New(IPEndPoint.Parse("10.0.0.3:11111"), 1);
        _members = _members.Add(third, new ClusterMember(third, SiloStatus.Active, "third"));
        _isOtherAway = () => _asked == 1;
        _health.CallFailed(StoreFault.Unreachable);
        Assert.False(_outage.IsCommon);
        await Passes(() => _asked >= 5);
        var asked = Volatile.Read(ref _asked); // two at once, then one a pause
        Assert.InRange(asked - 2, 3, (_time.GetUtcNow() - Given.Now) / TimeSpan.FromMilliseconds(200));
    }

    /// <summary>It reads the store, and would not find there what this silo's journal has.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(null)]
    public async Task IsCommon_TheOtherHasTheStoreOrDoesNotAnswer_IsNot(bool? isAway)
    {
        Add(SiloStatus.Active);
        _isOtherAway = () => isAway ?? throw new OrleansException("It does not answer.");
        _health.CallFailed(StoreFault.Unreachable);
        await Passes(() => _outage.IsCommon || _asked >= 5);
        Assert.False(_outage.IsCommon);
    }

    /// <summary>Its successor asks everybody before it believes the store.</summary>
    [Fact]
    public async Task IsCommon_TheOtherIsDead_IsNotAsked()
    {
        Add(SiloStatus.Dead);
        _health.CallFailed(StoreFault.Unreachable);
        await Passes(() => _outage.IsCommon);
        Assert.Equal(0, _asked);
    }

    private Task Passes(Func<bool> condition) => Until.Passes(_time, TimeSpan.FromMilliseconds(200), condition, "every silo has said so");

    private void Add(SiloStatus status) => _members = _members.Add(Other, new ClusterMember(Other, status, "other"));
}
