using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using Orleans.Runtime;

namespace MorningAI.Storage;

/// <summary>
/// The seam's inside: one stream a hash tag, each over the silo's journal and the store. Reads prefer what is here and
/// newer; nobody is told "not found" while the store cannot be asked.
/// </summary>
internal sealed partial class DurableRecords : IDurableRecords, IAsyncDisposable
{
    private readonly RedisRecords _redis;
    private readonly SharedReads _reads;
    private readonly IJournal _journal;
    private readonly StoreHealth _health;
    private readonly StoreProber _prober;
    private readonly PeerJournals _peers;
    private readonly PauseGuard _pauses;
    private readonly StorageMetrics _metrics;
    private readonly DurableStorageOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<DurableRecords> _logger;
    private readonly ConcurrentDictionary<string, Lazy<TagStream>> _streams = new();
    private readonly WriteBehindBuffer _behind = new();
    private readonly ITimer _flush;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _upkeep;

    public DurableRecords(StoreConnection connection, IJournal journal, StoreHealth health, PeerJournals peers, PauseGuard pauses, ILocalSiloDetails local, StorageMetrics metrics, IOptions<DurableStorageOptions> options, StoreCalls calls, TimeProvider time, ILogger<DurableRecords> logger)
    {
        _journal = journal;
        _health = health;
        _peers = peers;
        _pauses = pauses;
        _metrics = metrics;
        _time = time;
        _options = options.Value;
        _logger = logger;
        _redis = new RedisRecords(connection, new RedisKeys(_options.ServiceId, _options.ClusterId), journal.Id, local.SiloAddress.ToParsableString(), _options.Patience, time, calls);
        _reads = new SharedReads(_redis);
        _prober = new StoreProber(_redis, health, Resync, time, logger);
        connection.Multiplexer.ConnectionFailed += (_, e) =>
        {
            health.CallFailed(e.Exception is null ? StoreFault.Unreachable : StoreFaults.Of(e.Exception));
            _prober.Now();
        };
        journal.TakesAgain += WriteAgain;
        foreach (var tag in journal.Tags())
            StreamOf(tag).Resync();
        _prober.Start();
        _upkeep = Task.Run(KeepUp);
        _flush = time.CreateTimer(_ => Flush(), null, _options.WriteBehindDelay, _options.WriteBehindDelay);
    }

    public async ValueTask Quarantine(RecordKey key, ReadOnlyMemory<byte> bytes, string reason)
    {
        LogQuarantined(key, reason);
        _journal.Quarantine(key, bytes.ToArray(), reason);
        try
        {
            await _redis.Quarantine(key, bytes.ToArray()).ConfigureAwait(false);
        }
        catch (StoreFaultException e)
        {
            _health.CallFailed(e.Fault);
            _prober.Now();
        }
    }

    public async ValueTask<WriteOutcome> Write(RecordWrite write)
    {
        // A silo that is dead and does not know must not acknowledge, by its journal, a step or an end that others have begun anew.
        if (write.ChangesTask)
            await _pauses.WhenSound().ConfigureAwait(false);
        _behind.Supersede(write.Key);
        var outcome = await StreamOf(write.Key.Tag).Write(write).ConfigureAwait(false);
        return outcome.Result == WriteResult.Foreign
            ? throw Foreign(write.Key)
            : outcome;
    }

    /// <inheritdoc/>
    public async Task<WriteAnswer[]> WriteAll(IReadOnlyList<RecordWrite> writes)
    {
        if (writes.Any(static w => w.ChangesTask))
            await _pauses.WhenSound().ConfigureAwait(false);
        var group = new WriteGroup(writes.Count);
        foreach (var tag in Enumerable.Range(0, writes.Count).GroupBy(i => writes[i].Key.Tag))
        {
            int[] which = [.. tag];
            foreach (var i in which)
                _behind.Supersede(writes[i].Key);
            StreamOf(tag.Key).Write(writes, which, group);
        }

        var answers = writes.Count == 0 ? [] : await group.Ended.ConfigureAwait(false);
        for (var i = 0; i < answers.Length; i++)
        {
            if (answers[i] is { Failure: null, Outcome.Result: WriteResult.Foreign })
                answers[i] = new WriteAnswer(default, Foreign(writes[i].Key));
        }

        return answers;
    }

    public void WriteBehind(RecordWrite write) => _behind.Put(write.Key, () => write);

    /// <inheritdoc/>
    public void WriteBehind(RecordKey key, Func<RecordWrite> record) => _behind.Put(key, record);

    public async ValueTask<IReadOnlyList<(Guid Task, long Score)>> List(PartitionId partition, TaskState state, long skip, int take) =>
        _health.State == StoreState.Healthy
            ? await Ask(() => _redis.List(partition, state, skip, take)).ConfigureAwait(false)
            : throw Unavailable(); // until everything is back, the index there may show what is long done

    public async ValueTask<IReadOnlyList<IndexPlace>> Page(PartitionId partition, TaskState state, IndexPlace? after, bool newestFirst, int take) =>
        _health.State == StoreState.Healthy
            ? await Ask(() => _redis.Page(partition, state, after, newestFirst, take)).ConfigureAwait(false)
            : throw Unavailable(); // what silos keep for the store is not listed there

    public async ValueTask<int> Purge(PartitionId partition, TaskState state, long before, int most)
    {
        if (!state.IsTerminal())
            throw new ArgumentOutOfRangeException(nameof(state), state, "Only what has ended may be removed.");
        // Until everything is back, what is there may be what a silo is about to bring in again.
        return _health.State == StoreState.Healthy
            ? await Ask(() => _redis.Purge(partition, state, before, most)).ConfigureAwait(false)
            : throw Unavailable();
    }

    /// <inheritdoc/>
    public async ValueTask Fence(PartitionId partition, IReadOnlyCollection<SiloAddress> silos) =>
        await Ask(() => _redis.Fence(partition.ToString(), [.. silos.Select(s => s.ToParsableString())])).ConfigureAwait(false);

    public async ValueTask<long[]> Count(PartitionId partition) => await Ask(() => _redis.Count(partition)).ConfigureAwait(false);

    /// <summary>Looks at the store anew: whether it has all that is kept here for it.</summary>
    public async Task<bool> IsInStep()
    {
        await _prober.LookAnew().ConfigureAwait(false);
        return _health.State == StoreState.Healthy && _streams.Values.All(s => s.Value.IsLive);
    }

    /// <inheritdoc/>
    public Task LookAnew() => _prober.LookAnew();

    /// <inheritdoc/>
    public bool IsInStep(PartitionId partition) =>
        _health.State == StoreState.Healthy && (!_streams.TryGetValue(partition.ToString(), out var stream) || stream.Value.IsLive);

    /// <summary>Completes when everything that an earlier life of this silo journaled is in the store.</summary>
    public async Task WhenCaughtUp(CancellationToken cancellationToken)
    {
        foreach (var stream in _streams.Values)
            await stream.Value.WhenLive().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What this silo's journal keeps of a tag, once it is in step with the store. What other silos have replaced or removed since is not among it.</summary>
    /// <exception cref="StoreFaultException">The store went away.</exception>
    public async Task<IReadOnlyList<RecordWrite>> Kept(string tag, CancellationToken cancellationToken)
    {
        if (!_streams.TryGetValue(tag, out var stream))
            return []; // a stream there is of everything that the journal has
        await stream.Value.WhenLive().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await NewUpkeep().Current(tag).ConfigureAwait(false);
    }

    /// <remarks>The container knows it by two types, and disposes of it for each.</remarks>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        _journal.TakesAgain -= WriteAgain;
        await _upkeep.ConfigureAwait(false);
        await _flush.DisposeAsync().ConfigureAwait(false);
        Flush();
        await Task.WhenAll(_streams.Values.Select(s => s.Value.Stop())).ConfigureAwait(false);
        await _prober.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Through the store, too: it may have lost it meanwhile.</summary>
    private async Task WriteAgain(RecordWrite write)
    {
        if (!(_journal.Find(write.Key)?.Write.Version > write.Version))
            await StreamOf(write.Key.Tag).Write(write).ConfigureAwait(false);
    }

    private TagStream StreamOf(string tag) =>
        (_streams.TryGetValue(tag, out var stream) ? stream : _streams.GetOrAdd(tag, t => new Lazy<TagStream>(() => NewStream(t)))).Value;

    private TagStream NewStream(string tag) => new(tag, _redis, _journal, _health, _pauses, _options, _metrics, CaughtUp, _logger);

    /// <summary>Every stream asks the store for its cursor, and replays what is missing there.</summary>
    private void Resync()
    {
        foreach (var stream in _streams.Values)
            stream.Value.Resync();
        CaughtUp();
    }

    private void CaughtUp()
    {
        if (_streams.Values.All(s => s.Value.IsLive))
            _health.CaughtUp();
    }

    private async Task<T> Ask<T>(Func<Task<T>> call)
    {
        if (!_health.IsWorthTrying)
            throw Unavailable();
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (StoreFaultException e)
        {
            _health.CallFailed(e.Fault);
            _prober.Now();
            throw Unavailable();
        }
    }

    private StoreUnavailableException Unavailable() => new(_health.Fault == StoreFault.None
        ? "The store is being given back what it missed. Try again."
        : $"The store cannot be asked now: {_health.Fault.Describe()}. Try again.");

    private static StoreUnavailableException Foreign(RecordKey key) =>
        new($"The store holds something else under the key of {key}: it is not overwritten. The silo's log says more.");

    private void Flush() => _behind.WriteAll(record => _ = Observe(record), (key, e) => LogNotMade(key, e.Message));

    private async Task Observe(RecordWrite record)
    {
        try
        {
            var outcome = await StreamOf(record.Key.Tag).Write(record).ConfigureAwait(false);
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
