using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

internal sealed class SiloStartInOutage : IFault
{
    private static readonly TimeSpan LiveWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private SiloProcess? _newcomer;
    private int _waiting;
    private int _early;

    public string Name => "silo-start-in-outage";

    public string Summary => "Redis is killed, then one silo more starts: it waits, live and not ready, and joins when Redis returns";

    public Promises Promises(int silos) => Ledger.Promises.OfStartInOutage;

    public FaultEvidence Evidence => new(_early == 0 ? _waiting : 0, "looks at the new silo while Redis was dead found it live and not ready");

    public async Task Inject(ChaosStage stage, CancellationToken cancellationToken)
    {
        var began = stage.Time.GetTimestamp();
        await stage.Redis.Kill();
        _newcomer = await stage.AddSilo(cancellationToken);
        while (stage.Time.GetElapsedTime(began) < (_waiting == 0 ? LiveWithin : stage.FaultTime))
        {
            if (await _newcomer.IsReady(cancellationToken))
                _early++;
            else if (await _newcomer.IsLive(cancellationToken))
                _waiting++;
            await Task.Delay(Poll, stage.Time, cancellationToken);
        }
    }

    public async Task Heal(ChaosStage stage, CancellationToken cancellationToken)
    {
        await stage.Redis.Start(cancellationToken);
        await _newcomer!.WaitUntilReady(cancellationToken);
    }
}
