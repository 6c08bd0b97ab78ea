using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Cli;

public class HistoryTailTests
{
    private readonly HistoryTail _tail = new();

    [Fact]
    public void Next_Grown_GivesWhatIsNew()
    {
        Assert.Equal(["a"], Next("a"));
        Assert.Empty(Next("a"));
        Assert.Equal(["b", "c"], Next("a", "b", "c"));
    }

    [Fact]
    public void Next_OldestLinesDropped_RepeatsNothing()
    {
        Next("a", "b");
        Assert.Equal(["c"], Next("b", "c"));
        Assert.Equal(["e"], Next("e"));
    }

    private string[] Next(params string[] notes) =>
        [.. _tail.Next([.. notes.Select(Moment)]).Select(moment => moment.Note!)];

    private static TaskMoment Moment(string note) => new(DateTimeOffset.UnixEpoch.AddSeconds(note[0]), TaskState.Queued, 0, note);
}
