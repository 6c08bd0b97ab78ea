using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Telemetry;

namespace MorningAI.Tasks;

/// <summary>
/// Removes what ended long enough ago, of one partition at a time, in slices. Between slices it rests for ten times as
/// long as one took: whoever submits meanwhile finds the store free ten times out of eleven.
/// </summary>
internal sealed partial class TaskPurge(IDurableRecords records, IOptions<RetentionOptions> options, TaskMetrics metrics, TimeProvider time, ILogger<TaskPurge> logger)
{
    private const int Slice = 200;
    private const int RestFor = 10;
    private static readonly TimeSpan LeastRest = TimeSpan.FromMilliseconds(5);

    private readonly ILogger<TaskPurge> _logger = logger;

    public TimeSpan Every => options.Value.Every;

    /// <param name="mayGoOn">Asked before each slice.</param>
    /// <param name="cancellationToken">Ends it after the slice under way.</param>
    /// <returns>How many were removed.</returns>
    public async Task<long> Run(PartitionId partition, Func<bool> mayGoOn, CancellationToken cancellationToken)
    {
        var removed = 0L;
        try
        {
            foreach (var (state, kept) in options.Value.Limits())
            {
                var before = (time.GetUtcNow() - kept).ToUnixTimeMilliseconds();
                for (var found = Slice; found == Slice && mayGoOn();)
                {
                    var start = time.GetTimestamp();
                    found = await records.Purge(partition, state, before, Slice);
                    removed += found;
                    metrics.OnPurged(state, found);
                    if (found == Slice)
                        await Task.Delay(Rest(time.GetElapsedTime(start)), time, cancellationToken);
                }
            }
        }
        catch (StoreUnavailableException)
        {
            // The rest can wait: it is only old.
        }
        catch (OperationCanceledException)
        {
            // The partition goes elsewhere, and goes on there.
        }

        if (removed > 0)
            LogPurged(partition, removed);
        return removed;
    }

    private static TimeSpan Rest(TimeSpan took) => took * RestFor > LeastRest ? took * RestFor : LeastRest;

    [LoggerMessage(Level = LogLevel.Information, Message = "Queue {Partition}: {Count} tasks that ended long ago were removed")]
    private partial void LogPurged(PartitionId partition, long count);
}
