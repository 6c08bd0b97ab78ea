using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster.Membership;

namespace MorningAI.Tests.Unit.Cluster;

public sealed class BlankTableTests : IMembershipRows
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private Func<MembershipImage> _read = () => new MembershipImage(null, ImmutableSortedDictionary<string, string>.Empty);

    [Fact]
    public void For_Blank_IsSinceTheFirstLook()
    {
        var table = BlankTable.Watch(this, _time);
        for (var i = 0; i < 5; i++)
            _time.Advance(Look);

        Assert.Equal(5 * Look, table.For);
    }

    [Fact]
    public void For_CannotBeReadMeanwhile_BeginsAnew()
    {
        var blank = _read;
        var table = BlankTable.Watch(this, _time);
        _time.Advance(Look);
        _read = () => throw new TimeoutException("It hangs.");
        _time.Advance(Look);
        Assert.Equal(TimeSpan.Zero, table.For);

        _read = blank;
        _time.Advance(Look);
        _time.Advance(Look);
        Assert.Equal(Look, table.For);
    }

    [Fact]
    public void For_SomebodyIsInIt_IsZero()
    {
        var table = BlankTable.Watch(this, _time);
        _time.Advance(Look);
        _read = () => new MembershipImage(1, ImmutableSortedDictionary<string, string>.Empty.Add("silo", "row"));
        _time.Advance(Look);
        _time.Advance(Look);

        Assert.Equal(TimeSpan.Zero, table.For);
    }

    Task<MembershipImage> IMembershipRows.Read()
    {
        try
        {
            return Task.FromResult(_read());
        }
        catch (TimeoutException e)
        {
            return Task.FromException<MembershipImage>(e);
        }
    }

    Task<bool> IMembershipRows.TryReplace(MembershipImage there, MembershipImage healed) => throw new NotSupportedException();
}
