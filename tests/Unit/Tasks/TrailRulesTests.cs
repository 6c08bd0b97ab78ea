using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Tasks;

public sealed class TrailRulesTests
{
    [Fact]
    public void Add_Repeated_KeepsEachLineOnce()
    {
        var trail = TrailRules.Add(null, Said(1, 1, 2));
        trail = TrailRules.Add(trail, Said(1, 1, 2, 3));
        Assert.Equal([1L, 2, 3], Ticks(trail));
        Assert.Equal(0, trail.Dropped);
    }

    [Fact]
    public void Add_LinesThatAnActivationLost_ArePutInTheirPlace()
    {
        var trail = TrailRules.Add(null, Said(1, 1, 5));
        Assert.Equal([1L, 2, 3, 5], Ticks(TrailRules.Add(trail, Said(1, 1, 2, 3, 5))));
    }

    [Fact]
    public void Add_NextAttemptWithAClockBehind_ComesAfter()
    {
        var trail = TrailRules.Add(TrailRules.Add(null, Said(1, 10, 11)), Said(2, 4));
        Assert.Equal([(1, 10L), (1, 11), (2, 4)], trail.Lines.Select(line => (line.Attempt, line.At.UtcTicks)));
    }

    [Fact]
    public void Add_TooMany_TheOldestGoAndAreCountedOnce()
    {
        var all = Enumerable.Range(1, TaskTrail.MaxLines + 5).Select(i => (long)i).ToArray();
        var trail = TrailRules.Add(null, Said(1, all));
        Assert.Equal((TaskTrail.MaxLines, 5, new LogMark(1, 5)), (trail.Lines.Length, trail.Dropped, trail.LastDropped));
        trail = TrailRules.Add(trail, Said(1, all));
        Assert.Equal((TaskTrail.MaxLines, 5), (trail.Lines.Length, trail.Dropped));
    }

    [Fact]
    public void Add_TooLong_StaysWithinItsCharacters()
    {
        var trail = new TaskTrail();
        for (var i = 1; i <= 100; i++)
            trail = TrailRules.Add(trail, new AttemptSaid { Lines = [Line(1, i, new string('x', TaskTrail.MaxLineLength))] });
        Assert.Equal(32, trail.Lines.Length);
        Assert.Equal(68, trail.Dropped);
        Assert.Equal(100, trail.Lines[^1].At.UtcTicks);
    }

    [Fact]
    public void Add_WorkerDroppedSome_CountsThem()
    {
        var trail = TrailRules.Add(null, Said(1, 10) with { Dropped = 7 });
        Assert.Equal((7, new LogMark(1, 9)), (trail.Dropped, trail.LastDropped));
    }

    internal static TaskLogLine Line(int attempt, long ticks, string text = "x") => new(attempt, new DateTimeOffset(ticks, TimeSpan.Zero), TaskLogLevel.Info, text);

    private static AttemptSaid Said(int attempt, params long[] ticks) => new() { Lines = [.. ticks.Select(t => Line(attempt, t))] };

    private static long[] Ticks(TaskTrail trail) => [.. trail.Lines.Select(line => line.At.UtcTicks)];
}
