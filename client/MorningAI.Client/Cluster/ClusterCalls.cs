using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Orleans.Runtime;

namespace MorningAI.Client.Cluster;

/// <summary>Makes grain calls that may be repeated: bounds each one, and repeats those that found no silo or lost theirs.</summary>
internal sealed class ClusterCalls(GatewayLoss loss, TimeProvider time)
{
    public TimeProvider Time => time;

    /// <summary>One call. An unanswered one is left behind; its late answer is dropped.</summary>
    /// <exception cref="TimeoutException">No answer within <paramref name="limit"/>, or a connection broke meanwhile.</exception>
    public async Task<T> Once<T>(Func<Task<T>> call, TimeSpan limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var lost = loss.Next;
        var running = call();
        if (running.IsCompleted)
            return await running.ConfigureAwait(false);

        using var both = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(lost, cancellationToken) : null;
        try
        {
            return await running.WaitAsync(limit, time, both?.Token ?? lost).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            if (running is { IsCompleted: true, IsCanceled: false })
                return await running.ConfigureAwait(false); // answered at the same moment
            Leave(running);
            throw new TimeoutException("The connection to a silo broke while the call was under way.", e);
        }
        catch (Exception) when (!running.IsCompleted)
        {
            Leave(running);
            throw;
        }
    }

    /// <summary>Repeats a call until it is answered.</summary>
    /// <param name="call">Is told how many calls were made before, from 0.</param>
    /// <param name="limit">For one call.</param>
    /// <param name="budget">For all of them.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreUnavailableException">No answer within <paramref name="budget"/>, or the silo said so.</exception>
    public async Task<T> Repeat<T>(Func<int, Task<T>> call, TimeSpan limit, TimeSpan budget, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        for (var failures = 0; ;)
        {
            try
            {
                var before = failures;
                return await Once(() => call(before), Min(limit, budget - time.GetElapsedTime(begun)), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsTransient(e))
            {
                var pause = RetryBackoff.After(++failures, Random.Shared.NextDouble());
                if (time.GetElapsedTime(begun) + pause >= budget)
                    throw new StoreUnavailableException($"No silo answered within {budget}: {e.Message}", e);
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Whether the same call may well succeed a moment later, on this silo or another.</summary>
    public static bool IsTransient(Exception fault) =>
        fault is TimeoutException or OrleansException or ConnectionAbortedException or IOException or SocketException;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b > TimeSpan.Zero ? b : TimeSpan.FromMilliseconds(1);

    // Its fault is the one already reported; look at it, so that it is not reported again as unobserved.
    private static void Leave(Task running) => _ = running.ContinueWith(
        static done => _ = done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
