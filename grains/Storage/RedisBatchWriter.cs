using System.Threading.Channels;

namespace MorningAI.Storage;

/// <summary>
/// Turns concurrent writes into few script calls. Each lane has one call under way; what arrives meanwhile is the next
/// one's batch, so an idle store is written at once and a busy one in full batches. A tag stays in its lane: writes of
/// one key never pass each other.
/// </summary>
internal sealed class RedisBatchWriter : IAsyncDisposable
{
    private const int LaneCount = 4;
    private readonly Lane[] _lanes;

    public RedisBatchWriter(RedisRecords records, DurableStorageOptions options)
    {
        _lanes = [.. Enumerable.Range(0, LaneCount).Select(_ => new Lane(records, options.MaxBatch))];
    }

    public Task<WriteOutcome> Write(RecordWrite record)
    {
        var pending = new PendingWrite(record);
        var lane = _lanes[(uint)string.GetHashCode(record.Key.Tag, StringComparison.Ordinal) % LaneCount];
        if (!lane.Queue.Writer.TryWrite(pending))
            pending.SetException(new StoreUnavailableException("The silo is shutting down and writes no more."));
        return pending.Task;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
            lane.Queue.Writer.TryComplete();
        await Task.WhenAll(_lanes.Select(l => l.Loop)).ConfigureAwait(false);
    }

    private sealed class PendingWrite(RecordWrite record) : TaskCompletionSource<WriteOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public RecordWrite Record { get; } = record;
    }

    private sealed class Lane
    {
        private readonly RedisRecords _records;
        private readonly int _maxBatch;

        public Lane(RedisRecords records, int maxBatch)
        {
            _records = records;
            _maxBatch = maxBatch;
            Loop = Task.Run(Run);
        }

        public Channel<PendingWrite> Queue { get; } = Channel.CreateUnbounded<PendingWrite>(new UnboundedChannelOptions { SingleReader = true });

        public Task Loop { get; }

        private async Task Run()
        {
            var batch = new List<PendingWrite>(_maxBatch);
            while (await Queue.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (batch.Count < _maxBatch && Queue.Reader.TryRead(out var pending))
                    batch.Add(pending);
                await Task.WhenAll(batch.GroupBy(p => p.Record.Key.Tag).Select(Send)).ConfigureAwait(false);
                batch.Clear();
            }
        }

        private async Task Send(IGrouping<string, PendingWrite> group)
        {
            var pending = group.ToArray();
            try
            {
                var outcomes = await _records.Apply(group.Key, Array.ConvertAll(pending, p => p.Record)).ConfigureAwait(false);
                for (var i = 0; i < pending.Length; i++)
                    pending[i].SetResult(outcomes[i]);
            }
            catch (Exception e)
            {
                // Handed to the callers: each of them decides.
                foreach (var p in pending)
                    p.TrySetException(e);
            }
        }
    }
}
