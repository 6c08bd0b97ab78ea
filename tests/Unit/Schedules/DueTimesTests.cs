using MorningAI.Schedules;

namespace MorningAI.Tests.Unit.Schedules;

public sealed class DueTimesTests
{
    private static readonly ScheduleName A = ScheduleName.Parse("a");
    private static readonly ScheduleName B = ScheduleName.Parse("b");
    private readonly DueTimes _due = new();

    [Fact]
    public void TryTake_TwoDue_EarlierFirstAndEachOnce()
    {
        _due.Plan(A, At(2));
        _due.Plan(B, At(1));

        Assert.Equal([B, A], Take(2));
        Assert.Empty(Take(9));
    }

    [Fact]
    public void Plan_Again_TheFirstTimeCountsNoMore()
    {
        _due.Plan(A, At(1));
        _due.Plan(A, At(5));

        Assert.Empty(Take(4));
        Assert.Equal([A], Take(5));
    }

    [Fact]
    public void Settle_WithANextTime_IsTakenThen()
    {
        _due.Plan(A, At(1));
        Take(1);

        Assert.True(_due.Settle(A, At(3)));
        Assert.Empty(Take(2));
        Assert.Equal([A], Take(3));
    }

    [Fact]
    public void Settle_PlannedMeanwhile_ThePlanCounts()
    {
        _due.Plan(A, At(1));
        Take(1);
        _due.Plan(A, At(2));

        Assert.False(_due.Settle(A, null));
        Assert.False(_due.IsParked(A));
        Assert.Equal([A], Take(2));
    }

    [Fact]
    public void Settle_WithoutANextTime_IsParkedUntilPlanned()
    {
        _due.Plan(A, At(1));
        Assert.False(_due.IsParked(A));
        Take(1);
        Assert.False(_due.IsParked(A));
        _due.Settle(A, null);

        Assert.True(_due.IsParked(A));
        Assert.Empty(Take(99));
    }

    [Fact]
    public void Drop_Planned_IsNotTaken()
    {
        _due.Plan(A, At(1));
        _due.Drop(A);

        Assert.Empty(Take(9));
        Assert.False(_due.Settle(A, At(1)));
    }

    private ScheduleName[] Take(int second)
    {
        List<ScheduleName> taken = [];
        while (_due.TryTake(At(second), out var name))
            taken.Add(name);
        return [.. taken];
    }

    private static DateTimeOffset At(int second) => Given.Now.AddSeconds(second);
}
