using MorningAI.Cli;
using MorningAI.Cli.Bench.Systems;
using MorningAI.Tests.Unit.Cli;

namespace MorningAI.Tests.Unit.Benching;

public sealed class BenchCommandTests : IDisposable
{
    private readonly CliCall _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Help_ListsPeersMeasuresAndOptions()
    {
        var said = await _cli.Run(["bench", "--help"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Ok, ""), (said.Code, said.Error));
        Assert.Contains("Peers: bullmq, sidekiq, rq, celery, hangfire", said.Out);
        Assert.Contains("Measures: submit, bulk, drain, idle, steady, slow, outage", said.Out);
        Assert.All(new[] { "--vs", "--n", "--payload", "--runs", "--measure", "--backlog-million", "--out", "--json" }, option => Assert.Contains(option, said.Out));
    }

    [Fact]
    public async Task Help_OfAll_KeepsTheLoadProcessToItself()
    {
        var said = await _cli.Run(["--help"], TestContext.Current.CancellationToken);

        Assert.Contains("bench", said.Out);
        Assert.DoesNotContain("bench-client", said.Out);
    }

    [Theory]
    [InlineData("'asynq' is not a peer. Known: bullmq, sidekiq, rq, celery, hangfire; or 'none'.", "--vs", "bullmq,asynq")]
    [InlineData("'99' is not a number of tasks: use 100 to 1000000", "--n", "99")]
    [InlineData("'many' is not a number of tasks", "--n", "many")]
    [InlineData("'23' is not a payload size in bytes: use 24 to 100000", "--payload", "23")]
    [InlineData("'0' is not a number of runs: use 1 to 100", "--runs", "0")]
    [InlineData("'all' is not a measure. Known: submit, bulk, drain, idle, steady, slow, outage.", "--measure", "all")]
    [InlineData("'backlogmillion' is not a measure", "--measure", "idle,backlogmillion")]
    public async Task Bench_BadInput_SaysWhatIsGood(string message, params string[] arguments)
    {
        var said = await _cli.Run(["bench", .. arguments], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.BadInput, ""), (said.Code, said.Out));
        Assert.Contains(message, said.Error);
    }

    [Fact]
    public async Task Bench_NoRedisServer_SaysHowToGetOne()
    {
        _cli.Environment["PATH"] = _cli.Data;

        var said = await _cli.Run(["bench"], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.Failed, ""), (said.Code, said.Out));
        Assert.Contains("redis-server is not on PATH. Install it", said.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false, "--vs", "none")]
    [InlineData(false, "--vs", "")]
    public async Task Bench_PeersNotNamed_AllAreTried(bool all, params string[] versus)
    {
        _cli.Environment["PATH"] = _cli.Environment["XDG_CACHE_HOME"] = _cli.Data;
        await File.WriteAllTextAsync(_cli.File("redis-server"), "", TestContext.Current.CancellationToken); // found, and no program

        var said = await _cli.Run(["bench", .. versus], TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Failed, said.Code);
        Assert.Equal(all, said.Error.Contains("bullmq is skipped: node and npm are not on PATH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bench_FileCannotBeWritten_SaysSoBeforeTheWork()
    {
        _cli.Environment["PATH"] = _cli.Data;

        var said = await _cli.Run(["bench", "--out", _cli.File("no/such/folder.md")], TestContext.Current.CancellationToken);

        Assert.Equal((ExitCode.BadInput, ""), (said.Code, said.Out));
        Assert.Contains("Cannot write to", said.Error);
    }

    [Fact]
    public async Task Prepare_NothingOnPath_EachPeerSaysWhatToInstall()
    {
        var terminal = new Terminal { Out = TextWriter.Null, Error = TextWriter.Null, In = Stream.Null, Variable = name => name is "XDG_CACHE_HOME" or "PATH" ? _cli.Data : null };
        foreach (var peer in new[] { "bullmq", "sidekiq", "hangfire" })
        {
            var e = await Assert.ThrowsAsync<CannotBeHadException>(() => KnownSystems.Make(peer).Prepare(new BenchCache(terminal), TestContext.Current.CancellationToken));
            Assert.True(e.Message.Contains("install", StringComparison.Ordinal) || e.Message.Contains("add", StringComparison.Ordinal), e.Message);
        }
    }

    [Theory]
    [InlineData("bullmq.cjs")]
    [InlineData("sidekiq.rb")]
    [InlineData("bench_client.py")]
    [InlineData("rq_bench.py")]
    [InlineData("celery_bench.py")]
    [InlineData("hangfire.cs")]
    public async Task Place_EveryScript_IsInTheProgram(string script) =>
        Assert.NotEqual(0, new FileInfo(await BenchCache.Place(script, _cli.Data, TestContext.Current.CancellationToken)).Length);
}
