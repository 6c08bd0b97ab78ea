using Microsoft.Extensions.Logging;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Cluster;

/// <summary>
/// Notices that this process stood still: it was stopped, or its machine was. The others may have called it dead meanwhile
/// and gone on with its tasks; it finds out by reading the membership table, and until then it begins no attempt and
/// changes no task.
/// </summary>
public sealed partial class PauseGuard : IDisposable
{
    /// <summary>Well below the six seconds that a silo must be silent for to be called dead.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly IClusterMembershipService _membership;
    private readonly StoreHealth _health;
    private readonly TimeProvider _time;
    private readonly ILogger<PauseGuard> _logger;
    private readonly ITimer _timer;
    private long _lastTick;
    private int _pauses;
    private volatile bool _wasDown;
    private volatile TaskCompletionSource? _sound; // null while all is well

    public PauseGuard(IClusterMembershipService membership, StoreHealth health, TimeProvider time, ILogger<PauseGuard> logger)
    {
        _membership = membership;
        _health = health;
        _time = time;
        _logger = logger;
        _lastTick = time.GetTimestamp();
        _timer = time.CreateTimer(static guard => ((PauseGuard)guard!).Tick(), this, Period, Period);
    }

    /// <summary>Completes at once, but after a pause: then, once it is known that this silo is still one.</summary>
    public Task WhenSound()
    {
        // Whoever asks may be faster than the timer, which stood still, too. In this order: the mark is there before the tick.
        if (Elapsed() < Longest && _sound is null)
            return Task.CompletedTask;
        lock (_lock)
        {
            LookBack();
            return _sound?.Task ?? Task.CompletedTask;
        }
    }

    public void Dispose() => _timer.Dispose();

    private TimeSpan Elapsed() => _time.GetElapsedTime(Volatile.Read(ref _lastTick));

    private void Tick()
    {
        lock (_lock)
        {
            LookBack();
            _wasDown = _health.State == StoreState.Down;
        }
    }

    private void LookBack()
    {
        var stood = Elapsed();
        // In an outage nobody is called dead: the table cannot be written.
        var isPause = stood >= Longest && !_wasDown;
        var isAsking = _sound is not null;
        if (isPause)
        {
            _pauses++;
            _sound ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Volatile.Write(ref _lastTick, _time.GetTimestamp());
        if (!isPause)
            return;
        LogStood(stood);
        if (!isAsking)
            _ = Task.Run(MakeSure);
    }

    /// <summary>The table is what it was read to be only where the store was there before and after. Being dead in it ends this process.</summary>
    private async Task MakeSure()
    {
        string? said = null;
        while (true)
        {
            var pauses = Volatile.Read(ref _pauses);
            var reason = await WhyNotKnown();
            if (reason is not null && reason != said)
                LogNotRead(said = reason);
            lock (_lock)
            {
                LookBack();
                if (reason is null && pauses == _pauses)
                {
                    _sound!.SetResult();
                    _sound = null;
                    break;
                }
            }

            await Task.Delay(Pause, _time);
        }

        LogSound();
    }

    /// <returns>Null where the table was read and this silo is a member.</returns>
    private async Task<string?> WhyNotKnown()
    {
        try
        {
            if (_health.State != StoreState.Healthy)
                return "the store is away";
            await _membership.Refresh(default); // may have been under way since before the pause
            await _membership.Refresh(default);
            return _health.State == StoreState.Healthy ? null : "the store went away";
        }
        catch (Exception e)
        {
            return e.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This silo stood still for {Time}. It begins nothing and changes no task before the membership table says that it is not dead")]
    private partial void LogStood(TimeSpan time);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This silo is still a member, and goes on")]
    private partial void LogSound();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The membership table cannot be read ({Reason}); it is tried until it can")]
    private partial void LogNotRead(string reason);
}
