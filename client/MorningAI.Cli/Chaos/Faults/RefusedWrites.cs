using MorningAI.Cli.Chaos.Stage;

namespace MorningAI.Cli.Chaos.Faults;

/// <summary>Writes that Redis answered with an error of one kind: of the silos, as Redis counts them, and own ones.</summary>
internal sealed class RefusedWrites(string kind)
{
    private const string Probe = "morningai-chaos:probe";

    private long _own;

    public long Count { get; private set; }

    public async Task Check(ChaosStage stage, CancellationToken cancellationToken)
    {
        try
        {
            await stage.Redis.Call(cancellationToken, "SET", Probe, "1");
        }
        catch (RedisErrorException e) when (e.Message.StartsWith(kind, StringComparison.Ordinal))
        {
            _own++;
        }

        Count = Math.Max(_own, await stage.Redis.CountErrors(kind, cancellationToken));
    }
}
