using Microsoft.Extensions.Time.Testing;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Intake;

public sealed class SubmitClockTests
{
    /// <summary>Off a whole microsecond, which ranks are cut to.</summary>
    private readonly FakeTimeProvider _time = new(Given.Now.AddTicks(7));

    [Fact]
    public void Next_TimeStandsStill_GrowsAndSoDoTheRanks()
    {
        var clock = new SubmitClock(_time);
        var ranks = Enumerable.Range(0, 1000).Select(_ => QueueRank.Of(TaskPriority.P2, clock.Next()).Value).ToArray();
        Assert.All(ranks.Zip(ranks.Skip(1)), pair => Assert.True(pair.First < pair.Second));
    }

    [Fact]
    public void Next_TimeMoves_IsTheTime()
    {
        var clock = new SubmitClock(_time);
        clock.Next();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(_time.GetUtcNow(), clock.Next());
    }

    [Fact]
    public void Next_TimeWasSetBack_StillGrows()
    {
        var later = new SubmitClock(new SteppingBack());
        Assert.True(later.Next() < later.Next());
    }

    [Fact]
    public async Task Next_FromManyThreads_NeverRepeatsAndGrowsInEach()
    {
        var clock = new SubmitClock(_time);
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 5000).Select(_ => clock.Next()).ToArray())));
        Assert.Equal(20_000, all.SelectMany(m => m).Distinct().Count());
        Assert.All(all, moments => Assert.Equal(moments.Order(), moments));
    }

    private sealed class SteppingBack : TimeProvider
    {
        private int _calls;

        public override DateTimeOffset GetUtcNow() => Given.Now.AddSeconds(-_calls++);
    }
}
