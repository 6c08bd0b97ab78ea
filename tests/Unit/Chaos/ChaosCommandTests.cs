using MorningAI.Cli;
using MorningAI.Cli.Chaos.Faults;
using MorningAI.Tests.Unit.Cli;

namespace MorningAI.Tests.Unit.Chaos;

public sealed class ChaosCommandTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Help_ListsEveryFaultAndOption()
    {
        var said = await _cli.Run(["chaos", "--help"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Error));
        Assert.All(KnownFaults.Names, name => Assert.Contains($"\n    {name} ", said.Out));
        Assert.All(new[] { "--fault", "--silos", "--seconds", "--rate", "--seed", "--slack", "--samples", "--json" }, option => Assert.Contains(option, said.Out));
    }

    [Theory]
    [InlineData("--fault is required", "chaos")]
    [InlineData("'redis-gone' is not a fault. Known: redis-kill, redis-hang, redis-flush, redis-rollback, redis-readonly, redis-oom, redis-slow, redis-blackhole, silo-kill, silo-kill-in-outage, silo-pause, silo-start-in-outage, rolling-restart, flush-then-start, disk-full, partition-from-redis, partition-from-peers, partition-from-all, everything.", "chaos", "--fault", "redis-gone")]
    [InlineData("'0' is not a number of silos: use 1 to 9", "chaos", "--fault", "redis-kill", "--silos", "0")]
    [InlineData("'10' is not a number of silos: use 1 to 9", "chaos", "--fault", "redis-kill", "--silos", "10")]
    [InlineData("'0' is not a number of seconds: use more than 0", "chaos", "--fault", "redis-kill", "--seconds", "0")]
    [InlineData("'-1' is not a number of seconds", "chaos", "--fault", "redis-kill", "--seconds", "-1")]
    [InlineData("'3601' is not a number of seconds", "chaos", "--fault", "redis-kill", "--seconds", "3601")]
    [InlineData("'0.5' is not a rate: use 1 to 20000", "chaos", "--fault", "redis-kill", "--rate", "0.5")]
    [InlineData("'20001' is not a rate: use 1 to 20000", "chaos", "--fault", "redis-kill", "--rate", "20001")]
    [InlineData("'many' is not a rate", "chaos", "--fault", "redis-kill", "--rate", "many")]
    [InlineData("'x' is not a seed", "chaos", "--fault", "redis-kill", "--seed", "x")]
    [InlineData("'0.5' is not a slack: use 1 to 100", "chaos", "--fault", "redis-kill", "--slack", "0.5")]
    [InlineData("partition-from-peers needs at least 2 silos: use --silos 2 or more", "chaos", "--fault", "partition-from-peers", "--silos", "1")]
    public async Task Chaos_BadInput_SaysWhatIsGood(string message, params string[] arguments)
    {
        var said = await _cli.Run(arguments, TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.BadInput, ""), (said.Code, said.Out));
        Assert.Contains(message.Replace("--fault is", "'--fault' is", StringComparison.Ordinal), said.Error);
    }

    [Fact]
    public async Task Chaos_NoRedisServer_SaysHowToGetOne()
    {
        _cli.Environment["PATH"] = _cli.Data;

        var said = await _cli.Run(["chaos", "--fault", "redis-kill"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Failed, ""), (said.Code, said.Out));
        Assert.Contains("redis-server is not on PATH. Install it", said.Error);
    }
}
