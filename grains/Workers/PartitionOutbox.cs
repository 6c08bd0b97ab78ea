using MorningAI.Queues;
using Microsoft.Extensions.Logging;

namespace MorningAI.Workers;

/// <summary>
/// What a worker has to tell one queue partition: released tasks and its window. One call at a time, which carries
/// everything that came up meanwhile; a call that fails is repeated, and repeating is harmless.
/// </summary>
internal sealed partial class PartitionOutbox(PartitionId partition, Func<int> window, Func<ReleasedTask[], int, Task> send, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ILogger _logger = logger;
    private List<ReleasedTask> _pending = [];
    private bool _news;
    private Task _sending = Task.CompletedTask;

    public PartitionId Partition { get; } = partition;

    /// <summary>Tasks of the partition that the worker has. Kept by the worker, under its lock.</summary>
    public int Held { get; set; }

    public void Add(ReleasedTask task)
    {
        lock (_lock)
        {
            _pending.Add(task);
            Send();
        }
    }

    /// <summary>The window has changed, though no task was released.</summary>
    public void Announce()
    {
        lock (_lock)
            Send();
    }

    public Task WhenSent()
    {
        lock (_lock)
            return _sending;
    }

    private void Send()
    {
        _news = true;
        if (_sending.IsCompleted)
            _sending = Task.Run(SendAll);
    }

    private async Task SendAll()
    {
        while (Take() is { } tasks)
        {
            try
            {
                await send(tasks, window());
            }
            catch (Exception e)
            {
                LogNotSent(Partition, tasks.Length, e.Message, Pause);
                lock (_lock)
                {
                    _pending.InsertRange(0, tasks);
                    _news = true;
                }

                await Task.Delay(Pause, time);
            }
        }
    }

    private ReleasedTask[]? Take()
    {
        lock (_lock)
        {
            if (!_news)
            {
                _sending = Task.CompletedTask; // decided under the lock: who adds next starts a new round
                return null;
            }

            _news = false;
            ReleasedTask[] tasks = [.. _pending];
            _pending.Clear();
            return tasks;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition} was not told of {Count} released tasks ({Reason}); next try in {Pause}")]
    private partial void LogNotSent(PartitionId partition, int count, string reason, TimeSpan pause);
}
