using Orleans.Runtime;

namespace MorningAI.Client.Cluster;

/// <summary>
/// The gateways of the silos that Redis lists as active. Only reads: the stock provider also creates the table where it
/// is missing, at version 0, so a client that starts just after Redis came back empty would hide all silos from the others.
/// </summary>
internal sealed class RedisGateways(IMembershipTable table, string description) : IGatewaySource
{
    private bool _connected;

    public string Description { get; } = description;

    public async Task<IList<Uri>> Find()
    {
        if (!_connected)
        {
            await table.InitializeMembershipTableAsync(tryInitTableVersion: false, CancellationToken.None).ConfigureAwait(false);
            _connected = true;
        }

        var all = await table.ReadAllAsync(CancellationToken.None).ConfigureAwait(false);
        return [.. all.Members
            .Select(row => row.Item1)
            .Where(silo => silo.Status == SiloStatus.Active && silo.ProxyPort != 0)
            .Select(silo => SiloAddress.New(silo.SiloAddress.Endpoint.Address, silo.ProxyPort, silo.SiloAddress.Generation).ToGatewayUri())];
    }
}
