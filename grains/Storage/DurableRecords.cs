using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>The seam's present inside: batches to Redis.</summary>
internal sealed partial class DurableRecords : IDurableRecords, IAsyncDisposable
{
    private readonly RedisRecords _redis;
    private readonly RedisBatchWriter _writer;
    private readonly WriteBehindBuffer _behind = new();
    private readonly ITimer _flush;
    private readonly ILogger<DurableRecords> _logger;

    public DurableRecords(StoreConnection connection, IOptions<DurableStorageOptions> options, TimeProvider time, ILogger<DurableRecords> logger)
    {
        _logger = logger;
        _redis = new RedisRecords(connection, new RedisKeys(options.Value.ServiceId));
        _writer = new RedisBatchWriter(_redis, options.Value);
        _flush = time.CreateTimer(_ => Flush(), null, options.Value.WriteBehindDelay, options.Value.WriteBehindDelay);
    }

    public async ValueTask<StoredRecord?> Read(RecordKey key) => await _redis.Read(key).ConfigureAwait(false);

    public async ValueTask<WriteOutcome> Write(RecordWrite write)
    {
        _behind.Supersede(write.Key);
        return await _writer.Write(write).ConfigureAwait(false);
    }

    public void WriteBehind(RecordWrite write) => _behind.Put(write);

    public async ValueTask<IReadOnlyList<(Guid Task, long Score)>> List(PartitionId partition, TaskState state, long skip, int take) =>
        await _redis.List(partition, state, skip, take).ConfigureAwait(false);

    public async ValueTask<long[]> Count(PartitionId partition) => await _redis.Count(partition).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        await _flush.DisposeAsync().ConfigureAwait(false);
        Flush();
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private void Flush()
    {
        foreach (var record in _behind.TakeAll())
            _ = Observe(record);
    }

    private async Task Observe(RecordWrite record)
    {
        try
        {
            var outcome = await _writer.Write(record).ConfigureAwait(false);
            if (outcome.Result == WriteResult.Conflict)
                LogConflict(record.Key, record.Version);
        }
        catch (StoreUnavailableException e)
        {
            // The writer's next write carries the whole state again.
            LogNotWritten(record.Key, record.Version, e.Message);
        }
    }
}
