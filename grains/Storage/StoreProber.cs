using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace MorningAI.Storage;

/// <summary>
/// A silo's one prober. Each probe writes the next number and gets the one before: a store that refuses writes is found
/// out, and so is one that has forgotten.
/// </summary>
internal sealed partial class StoreProber(RedisRecords redis, StoreHealth health, Action lost, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    /// <summary>Its return is to be noticed well within the second that work may take to go on, and so is what it lost: a silo that starts gives others 0.8 s to put the membership table back.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _now = new(0, 1);
    private readonly ILogger _logger = logger;
    private Task _loop = Task.CompletedTask;
    private readonly Lock _lookers = new();
    private TaskCompletionSource? _looked;
    private long _last;

    public void Start() => _loop = Task.Run(Run);

    /// <summary>Something looks wrong: do not wait for the next round.</summary>
    public void Now()
    {
        try
        {
            _now.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is asked to hurry already.
        }
    }

    /// <summary>Completes when a probe has ended that began after this call.</summary>
    public Task LookAnew()
    {
        Task looked;
        lock (_lookers)
            looked = (_looked ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        Now();
        return looked;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            TaskCompletionSource? looked;
            lock (_lookers)
                (looked, _looked) = (_looked, null);
            await Probe().ConfigureAwait(false);
            looked?.SetResult();
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            try
            {
                await Task.WhenAny(_now.WaitAsync(wait.Token), Task.Delay(Round, time, wait.Token)).ConfigureAwait(false);
            }
            finally
            {
                await wait.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task Probe()
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            if (!health.IsWorthTrying && await redis.Claim().ConfigureAwait(false) is { } why)
            {
                if (health.Fault != StoreFault.NotOurs)
                    LogNotOurs(why);
                health.ProbeFailed(StoreFault.NotOurs);
                return;
            }

            var before = await redis.Probe(_last + 1).ConfigureAwait(false);
            if (_last > 0 && before < _last)
            {
                LogForgot(_last, before);
                health.LostData();
                await redis.Claim().ConfigureAwait(false);
                lost();
            }

            _last++;
            var returned = !health.IsWorthTrying;
            health.ProbeAnswered(Stopwatch.GetElapsedTime(start));
            if (returned)
                lost(); // it may have: every stream asks for itself, now that asking is worth it
        }
        catch (StoreFaultException e)
        {
            health.ProbeFailed(e.Fault);
        }
        catch (Exception e)
        {
            LogProbeFailed(e);
            health.ProbeFailed(StoreFault.Refusing);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Data loss: the store had this silo's mark {Expected} and shows {Found}")]
    private partial void LogForgot(long expected, long found);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store that answers now is not this service's, and nothing is written to it. {Why}")]
    private partial void LogNotOurs(string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store's probe failed in a way that has no name")]
    private partial void LogProbeFailed(Exception exception);
}
