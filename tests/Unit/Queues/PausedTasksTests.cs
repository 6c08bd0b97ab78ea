using MorningAI.Queues;

namespace MorningAI.Tests.Unit.Queues;

public sealed class PausedTasksTests
{
    [Fact]
    public void TryTake_SomeDue_GivesThemByDueTimeAndKeepsTheRest()
    {
        var paused = new PausedTasks();
        paused.Add(Entry(3), Given.Now.AddSeconds(3));
        paused.Add(Entry(1), Given.Now.AddSeconds(1));
        paused.Add(Entry(2), Given.Now.AddSeconds(2));

        Assert.False(paused.TryTake(Given.Now, out _));
        Assert.True(paused.TryTake(Given.Now.AddSeconds(2), out var first));
        Assert.True(paused.TryTake(Given.Now.AddSeconds(2), out var second));
        Assert.False(paused.TryTake(Given.Now.AddSeconds(2), out _));
        Assert.Equal((Entry(1), Entry(2), 1), (first, second, paused.Count));
    }

    [Fact]
    public void Remove_OneOfTwo_OnlyTheOtherComesDue()
    {
        var paused = new PausedTasks();
        paused.Add(Entry(1), Given.Now);
        paused.Add(Entry(2), Given.Now);
        paused.Remove(Entry(1).Task);

        Assert.False(paused.Contains(Entry(1).Task));
        Assert.True(paused.TryTake(Given.Now, out var left));
        Assert.Equal(Entry(2), left);
        Assert.False(paused.TryTake(Given.Now, out _));
    }

    private static QueueEntry Entry(int number) => new(Given.Unique(number), new QueueRank(number));
}
