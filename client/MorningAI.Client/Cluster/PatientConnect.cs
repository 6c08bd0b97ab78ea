using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MorningAI.Client.Cluster;

/// <summary>Waits at the start for a cluster that is not there yet, and says so every few seconds.</summary>
internal sealed partial class PatientConnect(
    IGatewaySource source, IOptions<MorningAIClientOptions> options, TimeProvider time, ILogger<PatientConnect> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(5);
    private long? _since;
    private TimeSpan _logNext;

    /// <exception cref="StoreUnavailableException">The time that the options give is over.</exception>
    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        _since ??= time.GetTimestamp();
        var waited = time.GetElapsedTime(_since.Value);
        var reason = exception.GetBaseException().Message;
        var limit = options.Value.ConnectTimeout;
        if (limit != Timeout.InfiniteTimeSpan && waited >= limit)
            throw new StoreUnavailableException(
                $"No silo of cluster '{options.Value.ClusterId}' answered within {limit} ({source.Description}). Start a silo, mend the client's Redis or Gateways, or raise ConnectTimeout. Last fault: {reason}",
                exception);
        if (waited >= _logNext)
        {
            LogWaiting(options.Value.ClusterId, source.Description, (long)waited.TotalSeconds, reason);
            _logNext = waited + LogEvery;
        }

        var pause = limit == Timeout.InfiniteTimeSpan || limit - waited > Pause ? Pause : limit - waited;
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
