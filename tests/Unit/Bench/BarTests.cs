using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Bench.Report;

namespace MorningAI.Tests.Unit.Benching;

public sealed class BarTests
{
    private const string Ours = "morningai";

    private static Bar Named(string name) => Bar.All.Single(bar => bar.Name == name);

    private static IReadOnlyList<RunFigures> Runs(string figure, params double[] values) => [.. values.Select(v => new RunFigures().Set(figure, v))];

    private static Dictionary<string, IReadOnlyList<RunFigures>> Pair(string figure, double[] ours, string peer, double[] theirs) =>
        new() { [Ours] = Runs(figure, ours), [peer] = Runs(figure, theirs) };

    [Fact]
    public void Judge_MachineGetsSlower_RatiosWithinARunCount()
    {
        // Of medians it would be 100 / 50: the machine was twice as fast in the run of the one and not of the other.
        var judged = Named("drain").Judge(Pair(Figure.Drain, [100, 200, 50], "bullmq", [50, 100, 25]));

        Assert.Equal((2.0, true, new Spread(2, 2)), (judged.Value, judged.Met, judged.Spread));
    }

    [Fact]
    public void Judge_RatiosDiffer_MedianOfThem()
    {
        var judged = Named("submit").Judge(Pair(Figure.Submit, [10, 30, 8], "bullmq", [10, 10, 10]));

        Assert.Equal((1.0, true, new Spread(0.8, 3)), (judged.Value, judged.Met, judged.Spread));
    }

    [Theory]
    [InlineData("submit", Figure.Submit, "bullmq", 1.0, true)]
    [InlineData("submit", Figure.Submit, "bullmq", 0.99, false)]
    [InlineData("submitBulk", Figure.SubmitBulk, "sidekiq", 1.0, true)]
    [InlineData("submitBulk", Figure.SubmitBulk, "sidekiq", 0.99, false)]
    [InlineData("drain", Figure.Drain, "bullmq", 1.99, false)]
    [InlineData("idleP50", Figure.IdleP50, "bullmq", 0.5, true)]
    [InlineData("idleP50", Figure.IdleP50, "bullmq", 0.51, false)]
    [InlineData("idleP99", Figure.IdleP99, "bullmq", 0.51, false)]
    [InlineData("redisCommandsPerTask", Figure.RedisCommands, "bullmq", 0.5, true)]
    [InlineData("redisCommandsPerTask", Figure.RedisCommands, "bullmq", 0.51, false)]
    public void Judge_AgainstAPeer_BarIsPartOfIt(string name, string figure, string peer, double ratio, bool met)
    {
        var judged = Named(name).Judge(Pair(figure, [ratio * 100], peer, [100]));

        Assert.Equal((ratio, met), (Math.Round(judged.Value!.Value, 6), judged.Met!.Value));
    }

    [Theory]
    [InlineData("redisDown", Figure.RedisDown, Figure.RedisUp, 0.8, true)]
    [InlineData("redisDown", Figure.RedisDown, Figure.RedisUp, 0.79, false)]
    [InlineData("backlogMillion", Figure.BacklogMillion, Figure.BacklogSmall, 0.9, true)]
    [InlineData("backlogMillion", Figure.BacklogMillion, Figure.BacklogSmall, 0.89, false)]
    public void Judge_AgainstOurOwnNormal_NeedsNoPeer(string name, string figure, string normal, double ratio, bool met)
    {
        var judged = Named(name).Judge(new Dictionary<string, IReadOnlyList<RunFigures>> { [Ours] = [new RunFigures().Set(figure, ratio * 100).Set(normal, 100)] });

        Assert.Equal((ratio, met), (Math.Round(judged.Value!.Value, 6), judged.Met!.Value));
    }

    [Theory]
    [InlineData("bytesPerWaitingTask", Figure.WorkerBytesWaiting, 200, true)]
    [InlineData("bytesPerWaitingTask", Figure.WorkerBytesWaiting, 201, false)]
    [InlineData("startSeconds", Figure.StartSeconds, 2, true)]
    [InlineData("startSeconds", Figure.StartSeconds, 2.01, false)]
    public void Judge_FigureOfOurs_HeldToItself(string name, string figure, double value, bool met)
    {
        var judged = Named(name).Judge(new Dictionary<string, IReadOnlyList<RunFigures>> { [Ours] = Runs(figure, value) });

        Assert.Equal((value, met), (judged.Value!.Value, judged.Met!.Value));
    }

    [Fact]
    public void Judge_NothingMeasured_NeitherMetNorMissed()
    {
        Assert.All(Bar.All, bar =>
        {
            var judged = bar.Judge(new Dictionary<string, IReadOnlyList<RunFigures>> { [Ours] = [new RunFigures()] });
            Assert.Equal((null, null, null), (judged.Value, judged.Met, judged.Spread));
        });
    }

    [Fact]
    public void Judge_PeerLeftOutAfterItsFirstRun_ThatRunCounts()
    {
        var judged = Named("submit").Judge(Pair(Figure.Submit, [10, 1000], "bullmq", [5]));

        Assert.Equal(2.0, judged.Value);
    }

    [Fact]
    public void Judge_PeerDidNothing_IsNoRatio() =>
        Assert.Null(Named("submit").Judge(Pair(Figure.Submit, [10], "bullmq", [0])).Value);
}
