using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

/// <remarks>What starts on an empty Redis finds no cluster in it, and must not found another.</remarks>
internal sealed class FlushThenStart : IFault
{
    private readonly RedisFlush _flush = new();
    private bool _joined;
    private int _acknowledged;

    public string Name => "flush-then-start";

    public string Summary => "FLUSHALL under load, and at once a new silo and a new client";

    public Promises Promises(int silos) => Ledger.Promises.OfRedisFault;

    public FaultEvidence Evidence => _joined && _acknowledged > 0
        ? _flush.Evidence with { Says = $"{_flush.Evidence.Says}; then a new silo was ready, and a new client's submits acknowledged" }
        : new(0, "times Redis was emptied, a new silo was ready, and a new client's submits were acknowledged");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        await _flush.Inject(stage, cancellationToken);
        var newcomer = await stage.AddSilo(cancellationToken);
        _acknowledged = await stage.Load.AddClient(cancellationToken);
        await newcomer.WaitUntilReady(cancellationToken);
        _joined = true;
    }

    public Task Heal(ChaosStage stage, CancellationToken cancellationToken) => stage.WaitUntilAllReady(cancellationToken);
}
