using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>Lets through the first report at once and then the latest every tenth of a second: people cannot read faster.</summary>
internal sealed class ProgressThrottle(Action<TaskProgress> send, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private TaskProgress? _latest;
    private bool _resting;
    private bool _disposed;

    public void Post(TaskProgress progress)
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            if (_resting)
            {
                _latest = progress;
                return;
            }

            Rest();
        }

        send(progress);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void Rest()
    {
        _resting = true;
        _timer ??= time.CreateTimer(static s => ((ProgressThrottle)s!).Rested(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
    }

    private void Rested()
    {
        TaskProgress latest;
        lock (_lock)
        {
            if (_disposed)
                return;
            _resting = false;
            if (_latest is null)
                return;
            latest = _latest;
            _latest = null;
            Rest();
        }

        send(latest);
    }
}
