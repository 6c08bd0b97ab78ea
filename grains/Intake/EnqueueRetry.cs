using Microsoft.Extensions.Logging;
using MorningAI.Queues;

namespace MorningAI.Intake;

/// <summary>Tells queues of stored tasks. A queue that cannot be reached now is told again; should this silo die first, the queue's own sweep finds them.</summary>
internal sealed partial class EnqueueRetry(IGrainFactory grains, TimeProvider time, ILogger<EnqueueRetry> logger)
{
    private const int MostTries = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ILogger<EnqueueRetry> _logger = logger;

    public async Task Enqueue(PartitionId partition, QueueEntry[] entries)
    {
        try
        {
            await grains.GetPartition(partition).Enqueue(entries);
        }
        catch (Exception e)
        {
            LogNotEnqueued(partition, entries.Length, e.Message);
            _ = Task.Run(() => Repeat(partition, entries));
        }
    }

    private async Task Repeat(PartitionId partition, QueueEntry[] entries)
    {
        for (var i = 0; i < MostTries; i++)
        {
            await Task.Delay(Pause, time);
            try
            {
                await grains.GetPartition(partition).Enqueue(entries);
                return;
            }
            catch (Exception e)
            {
                LogNotEnqueued(partition, entries.Length, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition} was not told of {Count} new tasks ({Reason}); they are stored, and it is told again")]
    private partial void LogNotEnqueued(PartitionId partition, int count, string reason);
}
