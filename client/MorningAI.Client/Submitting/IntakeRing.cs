using MorningAI.Intake;

namespace MorningAI.Client.Submitting;

/// <summary>
/// Intake grains in turn. Orleans' client sends all calls to one grain through one gateway, also while that one hangs;
/// several grains are spread over the gateways, and a repeated call takes another way.
/// </summary>
internal sealed class IntakeRing(Func<long, IIntakeGrain> find)
{
    /// <summary>Enough that with three gateways one of them left out is unlikely.</summary>
    public const int Size = 16;

    private int _turn = Random.Shared.Next();

    public IIntakeGrain Next() => find((uint)Interlocked.Increment(ref _turn) % Size);
}
