using Microsoft.Extensions.Time.Testing;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Workers;
using Xunit;

namespace MorningAI.Tests.Unit.Queues;

/// <summary>Who may be run past its grain.</summary>
public sealed class AwakeTasksTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly AwakeTasks _awake;

    public AwakeTasksTests() => _awake = new AwakeTasks(_time);

    [Fact]
    public void Meet_ATask_IsAwakeForLongerThanItsGrainCountsOnIt()
    {
        Assert.True(_awake.IsAsleep(Given.Unique(1)));
        _awake.Meet(Given.Unique(1));
        _time.Advance(DirectAttempts.Trust);
        _awake.Meet(Given.Unique(2));
        Assert.False(_awake.IsAsleep(Given.Unique(1)));
        Assert.True(_awake.IsAsleep(Given.Unique(3)));
    }

    [Fact]
    public void Meet_LongAgo_IsForgotten()
    {
        _awake.Meet(Given.Unique(1));
        for (var i = 0; i < 2; i++)
        {
            _time.Advance(DirectAttempts.RememberedFor);
            Assert.False(_awake.IsAsleep(Given.Unique(1)));
            _awake.Meet(Given.Unique(2 + i));
        }

        Assert.True(_awake.IsAsleep(Given.Unique(1)));
        Assert.Equal(2, _awake.Count);
    }

    [Fact]
    public void Forget_ATaskThatHasEnded_IsGone()
    {
        _awake.Meet(Given.Unique(1));
        _awake.Forget(Given.Unique(1));
        Assert.Equal(0, _awake.Count);
    }

    /// <summary>Grains on them may count on an earlier life of the partition.</summary>
    [Fact]
    public void Await_Silos_NothingSleepsUntilEachIsToldOrGone()
    {
        var (one, other) = (Given.Worker("w1"), Given.Worker("w2", life: 2));
        _awake.Await([one.Host, other.Host]);
        Assert.False(_awake.IsAsleep(Given.Unique(1)));
        _awake.Told(one);
        Assert.False(_awake.IsAsleep(Given.Unique(1)));
        _awake.Gone(silo => silo.Equals(other.Host));
        Assert.True(_awake.IsAsleep(Given.Unique(1)));
    }

    /// <summary>One that nobody here had heard of may have been there all the same.</summary>
    [Fact]
    public void IsUntold_ASiloThatCameUpLater_IsUntilItIsTold()
    {
        var worker = Given.Worker("w1");
        Assert.True(_awake.IsUntold(worker.Host));
        Assert.True(_awake.IsAsleep(Given.Unique(1)));
        _awake.Told(worker);
        Assert.False(_awake.IsUntold(worker.Host));
    }
}
