using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>RQ (Python): as installed, else of the distribution.</summary>
internal sealed class Rq : PeerSystem
{
    public const string SystemName = "rq";
    private const string Script = "rq_bench.py";

    private ProgramCall _python = new("python3", []);
    private string _script = "";

    public override string Name => SystemName;

    public override IReadOnlyList<string> Configuration { get; } =
    [
        "2 SimpleWorkers: without a fork for each job, which its guide names as the faster one",
        "one by one is enqueue from 4 threads (more only wait for Python's lock), bulk is enqueue_many of 500; result_ttl -1: results kept",
    ];

    public override int? Page => 500;

    public override bool TellsDone => false;

    public override async Task Prepare(BenchCache cache, CancellationToken cancellationToken)
    {
        (_python, Version) = await PythonPrograms.Find(cache, Name, "import rq; rq.Queue.enqueue_many; print(rq.__version__, end='')", ["python3-rq"], cancellationToken);
        await BenchCache.Place("bench_client.py", cache.Folder(Name), cancellationToken);
        _script = await BenchCache.Place(Script, cache.Folder(Name), cancellationToken);
    }

    public override Task<long> CountDone(BenchRedis redis, long submitted, CancellationToken cancellationToken) =>
        redis.Count(cancellationToken, "ZCARD", "rq:finished:default");

    protected override ProgramCall Client(BenchStage stage) => _python with { Arguments = [_script, "client"] };

    protected override ProgramCall Worker(BenchStage stage) => _python with { Arguments = [_script, "workers"] };
}
