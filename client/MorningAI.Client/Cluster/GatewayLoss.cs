namespace MorningAI.Client.Cluster;

/// <summary>
/// Tells calls under way that a connection to a silo broke. Orleans lets such a call wait for its whole response time;
/// ours may all be repeated, so they are, at once, also those that went another way.
/// </summary>
internal sealed class GatewayLoss
{
    private CancellationTokenSource _current = new();

    /// <summary>Cancelled with the next loss. Take it before the call is made.</summary>
    public CancellationToken Next => Volatile.Read(ref _current).Token;

    public void Signal()
    {
        var lost = Interlocked.Exchange(ref _current, new CancellationTokenSource());
        // Not disposed: a token taken a moment ago may still be registered with. Asynchronously, since this runs on the connection's thread.
        _ = lost.CancelAsync();
    }
}
