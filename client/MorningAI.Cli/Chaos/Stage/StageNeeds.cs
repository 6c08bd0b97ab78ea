using MorningAI.Cli.Chaos.Stage.Network;

namespace MorningAI.Cli.Chaos.Stage;

/// <summary>What a fault needs of its stage beside Redis and silos.</summary>
internal sealed record StageNeeds
{
    public static readonly StageNeeds Nothing = new();

    /// <summary>True where silos must reach Redis through <see cref="ChaosStage.Proxy"/>.</summary>
    public bool Proxy { get; init; }

    public NetworkNeed Network { get; init; }

    /// <summary>True where a silo that ends by itself is started again, as a Kubernetes would: the cluster declared it dead.</summary>
    public bool Keeper { get; init; }
}
