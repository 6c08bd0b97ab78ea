using Microsoft.Extensions.Time.Testing;
using MorningAI.Tasks;
using Xunit;

namespace MorningAI.Tests.Unit.Tasks;

/// <summary>What need not be read back.</summary>
public sealed class FreshTasksTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FreshTasks _fresh;

    public FreshTasksTests() => _fresh = new FreshTasks(_time);

    [Fact]
    public void Take_Twice_IsGivenOnce()
    {
        Put(1);
        Assert.Null(_fresh.Take(Given.Id(2)));
        Assert.NotNull(_fresh.Take(Given.Id(1)));
        Assert.Null(_fresh.Take(Given.Id(1)));
    }

    /// <summary>The time counts from before it was stored, however late its intake comes to putting it here.</summary>
    [Fact]
    public void Take_AfterItsLifetime_IsGone()
    {
        var since = _time.GetTimestamp();
        _time.Advance(FreshTasks.Lifetime);
        _fresh.Put(Given.Id(1), Given.Fresh(), since);
        Assert.Null(_fresh.Take(Given.Id(1)));
    }

    [Fact]
    public void Put_ManyMoreThanThereArePlaces_KeepsTheLatest()
    {
        for (var i = 1; i <= 10_000; i++)
            Put(i);
        Assert.NotNull(_fresh.Take(Given.Id(10_000)));
        Assert.InRange(Enumerable.Range(1, 10_000).Count(i => _fresh.Take(Given.Id(i)) is not null), 500, 1024);
    }

    private void Put(int number) => _fresh.Put(Given.Id(number), Given.Fresh(), _time.GetTimestamp());
}
