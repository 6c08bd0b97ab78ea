using CsCheck;
using MorningAI.Schedules;

namespace MorningAI.Tests.Unit.Schedules;

public sealed class ScheduleRulesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CronTimes Minutely = CronTimesTests.Of("* * * * *");

    [Fact]
    public void Decide_NothingDue_IsNull() => Assert.Null(Decide(MisfirePolicy.All, Noon, Noon.AddSeconds(59)));

    [Theory]
    [InlineData(MisfirePolicy.Once)]
    [InlineData(MisfirePolicy.All)]
    [InlineData(MisfirePolicy.Skip)]
    public void Decide_LateByASilosDeath_IsFiredWhateverThePolicy(MisfirePolicy policy)
    {
        var plan = Decide(policy, Noon, Noon.AddSeconds(75));

        Assert.Equal([Noon.AddMinutes(1)], plan!.Fire);
        Assert.Equal(Noon.AddMinutes(1), plan.Settled);
    }

    [Fact]
    public void Decide_SecondsOfASilosDeath_AreFiredEach()
    {
        var plan = ScheduleRules.Decide(CronTimesTests.Of("* * * * * *"), MisfirePolicy.Skip, OverlapPolicy.Allow, Noon, Noon.AddSeconds(8.5));

        Assert.Equal(Enumerable.Range(1, 8).Select(s => Noon.AddSeconds(s)), plan!.Fire);
    }

    [Fact]
    public void Decide_MissedAndOnce_OneFiringStandsForAll()
    {
        var hourly = CronTimesTests.Of("@hourly");

        Assert.Equal([Noon], ScheduleRules.Decide(hourly, MisfirePolicy.Once, OverlapPolicy.Allow, Noon.AddDays(-3), Noon.AddMinutes(30))!.Fire);
        Assert.Equal([Noon], ScheduleRules.Decide(hourly, MisfirePolicy.Once, OverlapPolicy.Allow, Noon.AddDays(-3), Noon.AddSeconds(1))!.Fire);
    }

    [Fact]
    public void Decide_MissedAndAll_TheLastHundred()
    {
        var plan = Decide(MisfirePolicy.All, Noon.AddDays(-3), Noon.AddSeconds(-1))!;

        Assert.Equal(101, plan.Fire.Count); // one of them is in time
        Assert.Equal(Noon.AddMinutes(-1), plan.Fire[^1]);
        Assert.Equal(plan.Fire.Order(), plan.Fire);
    }

    [Fact]
    public void Decide_MissedAndSkip_OnlyWhatIsInTime()
    {
        var daily = CronTimesTests.Of("0 10 * * *");
        var plan = ScheduleRules.Decide(daily, MisfirePolicy.Skip, OverlapPolicy.Allow, Noon.AddDays(-3), Noon)!;

        Assert.Empty(plan.Fire);
        Assert.Equal(Noon.AddHours(-2), plan.Settled);
        Assert.Equal([Noon], Decide(MisfirePolicy.Skip, Noon.AddDays(-3), Noon.AddSeconds(1))!.Fire);
    }

    [Fact]
    public void Decide_ManyDueAndNoOverlap_OnlyTheLast() => Assert.Equal(
        [Noon],
        ScheduleRules.Decide(Minutely, MisfirePolicy.All, OverlapPolicy.Skip, Noon.AddHours(-1), Noon)!.Fire);

    /// <summary>Whenever it is woken, and however often: each due time once, in order, and none that was in time is lost.</summary>
    [Fact]
    public void Decide_WokenAtAnyTimes_EachDueTimeOnce() =>
        Gen.Select(Gen.Int[0, 59].Array[1, 40], Gen.Int[0, 2].Select(p => (MisfirePolicy)p)).Sample((pauses, policy) =>
        {
            var times = CronTimesTests.Of("*/3 * * * * *");
            var (settled, now) = (Noon, Noon);
            List<DateTimeOffset> fired = [];
            foreach (var pause in pauses)
            {
                now = now.AddSeconds(pause);
                if (ScheduleRules.Decide(times, policy, OverlapPolicy.Allow, settled, now) is not { } plan)
                    continue;
                fired.AddRange(plan.Fire);
                settled = plan.Settled;
            }

            Assert.Equal(Enumerable.Range(1, (int)((now - Noon).TotalSeconds / 3)).Select(i => Noon.AddSeconds(3 * i)), fired);
        });

    private static DuePlan? Decide(MisfirePolicy policy, DateTimeOffset settled, DateTimeOffset now) => ScheduleRules.Decide(Minutely, policy, OverlapPolicy.Allow, settled, now);
}
