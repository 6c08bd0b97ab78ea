using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using MorningAI.Queues;

namespace MorningAI.Intake;

/// <summary>
/// Tells queues of stored tasks. What a queue that cannot be reached was not told of is collected, and it is told all of
/// it once it can; should this silo die first, or give up, the queue's own sweep finds them in the store.
/// </summary>
internal sealed partial class EnqueueRetry(IGrainFactory grains, TimeProvider time, ILogger<EnqueueRetry> logger)
{
    /// <summary>Half a minute: a silo's death is over by then, and so is what kept a busy one.</summary>
    private const int MostTries = 60;
    private const int MaxBatch = 1000;

    /// <summary>Beyond it they are left to the sweep: 24 bytes each.</summary>
    private const int MostPending = 100_000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>The tasks are stored: a submitter need not wait until a silo that hangs is found dead.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly ILogger<EnqueueRetry> _logger = logger;
    private readonly ConcurrentDictionary<PartitionId, Queue<QueueEntry>> _untold = new();

    /// <summary>It is being told again of what it has missed.</summary>
    public bool IsOutOfReach(PartitionId partition) => _untold.ContainsKey(partition);

    public async Task Enqueue(PartitionId partition, QueueEntry[] entries)
    {
        if (TryCollect(partition, entries))
            return;
        try
        {
            await grains.GetPartition(partition).Enqueue(entries).WaitAsync(Patience, time); // told twice is told once
        }
        catch (Exception e)
        {
            Collect(partition, entries, e.Message);
        }
    }

    /// <summary>Later, by itself; or the queue's own sweep finds them before.</summary>
    public async void EnqueueAfter(Task happened, PartitionId partition, QueueEntry[] entries)
    {
        await happened;
        await Enqueue(partition, entries); // what fails is collected
    }

    /// <returns>False where the queue is not known to be out of reach.</returns>
    private bool TryCollect(PartitionId partition, QueueEntry[] entries)
    {
        if (!_untold.TryGetValue(partition, out var untold))
            return false;
        lock (untold)
        {
            if (!_untold.TryGetValue(partition, out var same) || same != untold)
                return false;
            foreach (var entry in entries.Take(MostPending - untold.Count))
                untold.Enqueue(entry);
            return true;
        }
    }

    private void Collect(PartitionId partition, QueueEntry[] entries, string reason)
    {
        while (!TryCollect(partition, entries))
        {
            if (!_untold.TryAdd(partition, new Queue<QueueEntry>()))
                continue;
            LogUntold(partition, reason);
            _ = Task.Run(() => TellAll(partition));
        }
    }

    private async Task TellAll(PartitionId partition)
    {
        var untold = _untold[partition];
        var failures = 0;
        var told = 0;
        while (true)
        {
            await Task.Delay(Pause, time);
            QueueEntry[] batch;
            while ((batch = Next(partition, untold)).Length > 0)
            {
                try
                {
                    await grains.GetPartition(partition).Enqueue(batch).WaitAsync(Patience, time);
                }
                catch (Exception e)
                {
                    if (++failures >= MostTries)
                    {
                        LogGivenUp(partition, GiveUp(partition, untold), e.Message);
                        return;
                    }

                    break;
                }

                lock (untold)
                {
                    for (var i = 0; i < batch.Length; i++)
                        untold.Dequeue();
                }

                told += batch.Length;
                failures = 0;
            }

            if (batch.Length == 0)
            {
                LogTold(partition, told);
                return;
            }
        }
    }

    /// <returns>Empty where all is told: the next task is told of directly again.</returns>
    private QueueEntry[] Next(PartitionId partition, Queue<QueueEntry> untold)
    {
        lock (untold)
        {
            if (untold.Count == 0)
                _untold.TryRemove(partition, out _);
            return [.. untold.Take(MaxBatch)];
        }
    }

    private int GiveUp(PartitionId partition, Queue<QueueEntry> untold)
    {
        lock (untold)
        {
            _untold.TryRemove(partition, out _);
            return untold.Count;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition} cannot be told of new tasks ({Reason}); they are stored, and it is told again")]
    private partial void LogUntold(PartitionId partition, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition} was told of {Count} tasks that it had missed")]
    private partial void LogTold(PartitionId partition, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queue {Partition} could not be told of {Count} tasks ({Reason}). They are stored: its sweep will find them")]
    private partial void LogGivenUp(PartitionId partition, int count, string reason);
}
