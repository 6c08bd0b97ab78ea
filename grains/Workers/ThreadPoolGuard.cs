using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MorningAI.Workers;

/// <summary>
/// Keeps the thread pool alive under handlers that block their threads. The silo's own work runs there too, and the
/// pool adds threads only about one a second; a thread of our own notices within a tenth of a second that nothing gets
/// through and raises the minimum. Where no handler blocks it costs ten work items a second.
/// </summary>
internal sealed partial class ThreadPoolGuard(ILogger<ThreadPoolGuard> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Threads added each time. Blocked handlers are bounded by the worker's concurrency and by those abandoned.</summary>
    private const int Step = 16;
    private const int Most = 1024;

    private readonly ILogger<ThreadPoolGuard> _logger = logger;
    private readonly ManualResetEventSlim _stop = new();
    private Thread? _thread;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Watch) { IsBackground = true, Name = "thread-pool-guard", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
    }

    private void Watch()
    {
        using var answered = new AutoResetEvent(false);
        while (!_stop.Wait(Interval))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static e => e.Set(), answered, preferLocal: false);
            while (!answered.WaitOne(Interval) && !_stop.IsSet)
                AddThreads();
        }
    }

    private void AddThreads()
    {
        ThreadPool.GetMinThreads(out var workers, out var ports);
        if (workers >= Most || !ThreadPool.SetMinThreads(Math.Min(Most, Math.Max(workers, ThreadPool.ThreadCount) + Step), ports))
            return;
        LogRaised(workers, ThreadPool.ThreadCount);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No free thread for 100 ms: do handlers block? Minimum was {Minimum}, there are {Threads}; more are added")]
    private partial void LogRaised(int minimum, int threads);
}
