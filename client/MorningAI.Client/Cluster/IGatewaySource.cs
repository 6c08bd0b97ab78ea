namespace MorningAI.Client.Cluster;

/// <summary>Knows which gateways there are now.</summary>
internal interface IGatewaySource
{
    /// <summary>In words, for the log; never with a password.</summary>
    string Description { get; }

    Task<IList<Uri>> Find();
}
