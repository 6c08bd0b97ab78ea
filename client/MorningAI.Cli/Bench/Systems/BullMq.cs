using MorningAI.Cli.Bench.Stage;

namespace MorningAI.Cli.Bench.Systems;

/// <summary>BullMQ (Node.js), from npm.</summary>
internal sealed class BullMq : PeerSystem
{
    public const string SystemName = "bullmq";
    private static readonly string[] Packages = ["bullmq@6.7.0", "ioredis@5.11.1"];
    private const string Script = "bullmq.cjs";

    private string _script = "";
    private string _node = "";

    public override string Name => SystemName;

    public override IReadOnlyList<string> Configuration { get; } =
    [
        "1 Worker with concurrency 100 in one process, as its guide advises for jobs that wait; the rest as by default",
        "one by one is Queue.add over one ioredis connection, bulk is addBulk of 500; removeOnComplete off: results kept",
        "done is seen by waitUntilFinished with QueueEvents",
    ];

    public override int? Page => 500;

    protected override bool WorkerListens => true;

    public override async Task Prepare(BenchCache cache, CancellationToken cancellationToken)
    {
        if (cache.Program("node") is not { } node || cache.Program("npm") is not { } npm)
            throw new CannotBeHadException("node and npm are not on PATH: install Node.js 20 or later.");
        _node = node;
        var folder = cache.Folder(Name);
        if (!Packages.All(p => File.Exists(Path.Combine(folder, "node_modules", p.Split('@')[0], "package.json"))))
        {
            var names = string.Join(' ', Packages);
            cache.Say($"Installing {names} into {folder}…");
            var (code, says) = await BenchCache.Run(folder, npm, ["install", .. Packages, "--prefix", folder, "--no-audit", "--no-fund", "--loglevel", "error"], cancellationToken);
            if (code != 0)
                throw new CannotBeHadException($"'npm install {names}' failed: {BenchCache.LastLine(says)}");
        }

        _script = await BenchCache.Place(Script, folder, cancellationToken);
        var (versionCode, versions) = await BenchCache.Run(folder, node, ["-p", "require('bullmq/package.json').version + ', ioredis ' + require('ioredis/package.json').version + ', Node.js ' + process.versions.node"], cancellationToken);
        Version = versionCode == 0 ? versions : throw new CannotBeHadException($"BullMQ does not load: {BenchCache.LastLine(versions)}");
    }

    public override Task<long> CountDone(BenchRedis redis, long submitted, CancellationToken cancellationToken) =>
        redis.Count(cancellationToken, "ZCARD", "bull:bench:completed");

    protected override ProgramCall Client(BenchStage stage) => new(_node, [_script, "client"]);

    protected override ProgramCall Worker(BenchStage stage) => new(_node, [_script, "worker"]);
}
