using System.Collections.Immutable;
using System.Net;
using MorningAI.Cluster;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Cluster;

public sealed class ClusterViewTests
{
    private static readonly SiloAddress Here = At(11111, life: 2);

    private ImmutableDictionary<SiloAddress, ClusterMember> _members = ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(Here, new ClusterMember(Here, SiloStatus.Active, "w1"));

    private bool IsAlone => new ClusterView(
        Stand.In<IClusterMembershipService>((_, _) => new ClusterMembershipSnapshot(_members, new MembershipVersion(1))),
        Stand.In<ILocalSiloDetails>((_, _) => Here)).IsAlone;

    [Fact]
    public void IsAlone_OnlyItsOwnLives_True()
    {
        Assert.True(IsAlone);
        Add(At(11111, life: 1), SiloStatus.Dead); // whose journal is this one's
        Assert.True(IsAlone);
    }

    [Theory]
    [InlineData(SiloStatus.Joining)]
    [InlineData(SiloStatus.Active)]
    [InlineData(SiloStatus.Dead)]
    public void IsAlone_AnotherIsOrWas_False(SiloStatus status)
    {
        Add(At(11112, life: 1), status);
        Assert.False(IsAlone);
    }

    private static SiloAddress At(int port, int life) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), life);

    private void Add(SiloAddress silo, SiloStatus status) => _members = _members.Add(silo, new ClusterMember(silo, status, $"{silo}"));
}
