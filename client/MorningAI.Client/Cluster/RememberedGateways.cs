using Microsoft.Extensions.Logging;
using Orleans.Messaging;

namespace MorningAI.Client.Cluster;

/// <summary>
/// Serves the last gateways known while their source cannot be asked or comes back empty: silos outlive an outage of
/// their Redis, and so must the way to them.
/// </summary>
internal sealed partial class RememberedGateways(IGatewaySource source, TimeSpan refresh, ILogger<RememberedGateways> logger) : IGatewayListProvider
{
    private IList<Uri> _last = [];
    private bool _remembering;

    public TimeSpan MaxStaleness => refresh;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        IList<Uri> found;
        try
        {
            found = await source.Find().ConfigureAwait(false);
        }
        catch (Exception e) when (_last.Count > 0)
        {
            return Remember(e);
        }

        if (found.Count == 0)
            return _last.Count == 0 ? found : Remember(null);
        if (_remembering)
            LogFoundAgain(source.Description, found.Count);
        _remembering = false;
        return _last = found;
    }

    private IList<Uri> Remember(Exception? fault)
    {
        if (!_remembering)
            LogRemembering(fault, source.Description, _last.Count);
        _remembering = true;
        return _last;
    }
}
