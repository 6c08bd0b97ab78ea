namespace MorningAI.Cli.Chaos.Stage.Network;

/// <summary>What a fault needs of the network between the run's processes.</summary>
internal enum NetworkNeed
{
    /// <summary>Any will do.</summary>
    None,

    /// <summary>One that can be cut, where this user may make one.</summary>
    Cuts,

    /// <summary>One that can be cut, or nothing.</summary>
    OnlyCuts,
}

internal static class StageNetworks
{
    /// <exception cref="NotPermittedException">One that can be cut is needed, and may not be made.</exception>
    /// <exception cref="StageException">The system refused something that it had permitted.</exception>
    public static async Task<IStageNetwork> Make(NetworkNeed need, CancellationToken cancellationToken)
    {
        if (need == NetworkNeed.None)
            return new Loopback();
        if (await NamespaceSupport.Missing(cancellationToken) is not { } missing)
            return await NamespaceNetwork.Make(cancellationToken);
        return need == NetworkNeed.Cuts
            ? new Loopback()
            : throw new NotPermittedException($"This fault cuts the network between processes, for which each has a network namespace of its own. That cannot be done here: {missing}");
    }
}
