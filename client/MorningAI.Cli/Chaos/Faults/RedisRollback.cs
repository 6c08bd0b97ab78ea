using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

/// <remarks>As after a failover to a replica that was behind, or a restored volume.</remarks>
internal sealed class RedisRollback : IFault
{
    private const string Witness = "morningai-chaos:witness";

    private long _keysBefore;
    private long _gone;

    public string Name => "redis-rollback";

    public string Summary => "Redis is killed, and comes back on a snapshot that was taken under load 5 s before";

    public FaultEvidence Evidence => new(_gone, "keys that Redis had before and came back without");

    public Task Prepare(ChaosStage stage, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Snapshot(stage));
        Directory.Delete(Snapshot(stage), recursive: true); // an earlier one's
        FolderCopy.Make(stage.Redis.Folder, Snapshot(stage));
        return Task.CompletedTask;
    }

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        await stage.Redis.Call(cancellationToken, "SET", Witness, "1");
        _keysBefore = await stage.Redis.CountKeys(cancellationToken);
        await stage.Redis.Kill();
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        Directory.Delete(stage.Redis.Folder, recursive: true);
        FolderCopy.Make(Snapshot(stage), stage.Redis.Folder);
        await stage.Redis.Start(cancellationToken);
        var now = await stage.Redis.CountKeys(cancellationToken);
        if (await stage.Redis.Call(cancellationToken, "EXISTS", Witness) == "0")
            _gone = Math.Max(1, _keysBefore - now); // at least the witness; others may be back already
    }

    private static string Snapshot(ChaosStage stage) => stage.Folder.At("redis-snapshot");
}
