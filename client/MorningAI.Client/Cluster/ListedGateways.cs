using System.Net.Sockets;
using Orleans.Runtime;

namespace MorningAI.Client.Cluster;

/// <summary>The gateways that the options list.</summary>
internal sealed class ListedGateways(IReadOnlyList<GatewayAddress> addresses) : IGatewaySource
{
    public string Description { get; } = string.Join(", ", addresses);

    /// <exception cref="SocketException">Not one of the names could be looked up.</exception>
    public async Task<IList<Uri>> Find()
    {
        var found = new List<Uri>();
        Exception? fault = null;
        foreach (var address in addresses)
        {
            try
            {
                foreach (var endpoint in await address.Resolve().ConfigureAwait(false))
                    found.Add(endpoint.ToGatewayUri());
            }
            catch (SocketException e)
            {
                fault = e;
            }
        }

        return found.Count > 0 || fault is null ? found : throw fault;
    }
}
