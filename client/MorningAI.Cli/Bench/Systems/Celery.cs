using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>Celery (Python) with Redis as broker and result backend: as installed, else of the distribution.</summary>
internal sealed class Celery : PeerSystem
{
    public const string SystemName = "celery";
    private const string Script = "celery_bench.py";

    private ProgramCall _python = new("python3", []);
    private string _folder = "";
    private string _script = "";

    public override string Name => SystemName;

    public override IReadOnlyList<string> Configuration { get; } =
    [
        "1 worker with 2 processes (-c 2, one a processor), worker_prefetch_multiplier 64, gossip, mingle and events off, as its guide advises for many short tasks; acks_late",
        "one by one is apply_async from 4 threads; it has no bulk; results kept in Redis",
    ];

    public override int? Page => null;

    public override bool TellsDone => false;

    public override async Task Prepare(BenchCache cache, CancellationToken cancellationToken)
    {
        (_python, Version) = await PythonPrograms.Find(cache, Name, "import celery, redis; print(celery.__version__, end='')", ["python3-celery", "python3-redis"], cancellationToken);
        _folder = cache.Folder(Name);
        await BenchCache.Place("bench_client.py", _folder, cancellationToken);
        _script = await BenchCache.Place(Script, _folder, cancellationToken);
    }

    public override async Task<long> CountDone(BenchRedis redis, long submitted, CancellationToken cancellationToken) =>
        submitted - await redis.Count(cancellationToken, "LLEN", "celery") - await redis.Count(cancellationToken, "HLEN", "unacked");

    protected override ProgramCall Client(BenchStage stage) => _python with { Arguments = [_script, "client"] };

    protected override ProgramCall Worker(BenchStage stage) => _python with { Arguments = [_script, "worker"] };
}
