namespace MorningAI.Cli.Chaos.Stage;

/// <summary>The users of the run's silos.</summary>
internal interface ILoad
{
    /// <summary>One more comes, connects as a service would that starts now, and submits until the others stop.</summary>
    /// <returns>How many of its submits were acknowledged so far: at least one, or its time was up.</returns>
    Task<int> AddClient(CancellationToken cancellationToken);
}
