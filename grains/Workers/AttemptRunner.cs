using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Cluster;
using MorningAI.Handlers;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Telemetry;
using Orleans.Runtime;
using Orleans.Serialization;

namespace MorningAI.Workers;

/// <summary>
/// A silo's hands: the tasks it holds, their slots, and what becomes of them. One a silo, behind its
/// <see cref="WorkerGrain"/>, and not in it, so that attempts neither wait for grain turns nor die with an activation.
/// </summary>
internal sealed partial class AttemptRunner : ILocalWorker
{
    /// <summary>Ends on their way to the store, and records from it, for each slot: the more there are, the more share a batch.</summary>
    private const int UnderWayForASlot = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<TaskId, HeldTask> _held = [];
    private readonly Queue<HeldTask> _waiting = new();
    private readonly Dictionary<PartitionId, PartitionOutbox> _outboxes = [];
    private readonly CreditWindows _windows;
    private readonly IGrainFactory _grains;
    private readonly AttemptExecutor _executor;
    private readonly PauseGuard _pauses;
    private readonly IDurableRecords _records;
    private readonly Serializer<TaskRecord> _serializer;
    private readonly StoreHealth _health;
    private readonly LimitBook _limits;
    private readonly DirectAttempts _direct;
    private readonly FreshTasks _fresh;
    private readonly TaskMetrics _metrics;
    private readonly WorkerOptions _options;
    private readonly IReadOnlyList<TaskKind> _kinds;
    private readonly TimeProvider _time;
    private readonly ILogger<AttemptRunner> _logger;
    private readonly DateTimeOffset _startedAt;

    private TaskCompletionSource? _idle;
    private int _running;
    private int _settling; // their handlers have ended, and the record of it is on its way
    private long _finished;
    private bool _draining;

    public AttemptRunner(ILocalSiloDetails silo, IGrainFactory grains, AttemptExecutor executor, PauseGuard pauses, IDurableRecords records, Serializer<TaskRecord> serializer, StoreHealth health, LimitBook limits, DirectAttempts direct, FreshTasks fresh, TaskMetrics metrics, HandlerRegistry handlers, IOptions<WorkerOptions> options, TimeProvider time, ILogger<AttemptRunner> logger)
    {
        _grains = grains;
        _executor = executor;
        _pauses = pauses;
        _records = records;
        _serializer = serializer;
        _health = health;
        _limits = limits;
        _direct = direct;
        _fresh = fresh;
        _handedOver = new Recent<TaskId>(PushTime, time);
        _metrics = metrics;
        _options = options.Value;
        _windows = new CreditWindows(_options.Weights.Count > 0 ? _options.Weights : null);
        _kinds = handlers.Kinds;
        _time = time;
        _logger = logger;
        _startedAt = time.GetUtcNow();
        Worker = new WorkerId(WorkerName.Parse(silo.Name), silo.SiloAddress);
    }

    public WorkerId Worker { get; }

    /// <summary>
    /// Handlers run while the ends of others are written; and as many tasks as end meanwhile are here by then, read and ready.
    /// None beyond that where ends are not written: another worker may be free.
    /// </summary>
    private int Room => _options.Concurrency + (_settling < MostUnderWay ? 2 * _settling : _settling);

    private int MostUnderWay => UnderWayForASlot * _options.Concurrency;

    /// <inheritdoc/>
    public DispatchReply Accept(PartitionId partition, DispatchBatch batch, bool areFresh = false, FreshTask? storing = null)
    {
        lock (_lock)
        {
            if (_draining || !_options.Serves(partition.Queue))
                return new DispatchReply(false, Worker, 0);
            var outbox = OutboxOf(partition);
            var now = _time.GetTimestamp();
            foreach (var entry in batch.Tasks)
            {
                var held = new HeldTask(new TaskId(partition, entry.Task), entry.Order, now) { IsStoreTrue = entry.IsDirect };
                held.IsDirect = (entry.IsDirect || entry.IsAsleep) && !_handedOver.Contains(held.Id);
                held.Fresh = storing ?? (areFresh ? _fresh.Take(held.Id) : null);
                if (!_held.TryAdd(held.Id, held))
                    continue;
                outbox.Held++;
                if (_running + _waiting.Count >= _options.Concurrency && _waiting.Count < MostUnderWay)
                    ReadAhead(held);
                _waiting.Enqueue(held);
            }

            StartWaiting();
            return new DispatchReply(true, Worker, _windows.Of(partition, busy: outbox.Held > 0 || batch.Backlog > 0, Room));
        }
    }

    public WorkerAttachment Attach(PartitionId partition)
    {
        lock (_lock)
        {
            var outbox = OutboxOf(partition);
            QueueEntry[] held = [.. _held.Values.Where(h => h.Id.Partition == partition).Select(h => new QueueEntry(h.Id.Unique, h.Rank))];
            return new WorkerAttachment(Worker, _draining || !_options.Serves(partition.Queue) ? 0 : _windows.Of(partition, outbox.Held > 0, Room), held) { IsBehind = !_records.IsInStep(partition) };
        }
    }

    public LimitedTasks Limited(string limit)
    {
        lock (_lock)
        {
            return new LimitedTasks(
                Worker,
                [.. _held.Values.Where(h => h.Limits?.Contains(limit) == true).Select(h => h.Id)],
                [.. _held.Values.Where(h => h.Limits is null && h.IsBeginning).Select(h => h.Id)]);
        }
    }

    public void Cancel(TaskId id)
    {
        lock (_lock)
        {
            if (_held.TryGetValue(id, out var held))
                held.Stop(StopReason.Cancelled);
        }
    }

    public WorkerReport Report()
    {
        lock (_lock)
        {
            return new WorkerReport
            {
                Worker = Worker,
                StartedAt = _startedAt,
                At = _time.GetUtcNow(),
                Concurrency = _options.Enabled ? _options.Concurrency : 0,
                Queues = _options is { Enabled: true, Queues.Count: > 0 } ? [.. _options.Queues] : null,
                Running = _running,
                Waiting = _waiting.Count,
                Abandoned = _executor.Abandoned,
                Draining = _draining,
                Kinds = _kinds,
                Finished = _finished,
                IsBehind = _health.State != StoreState.Healthy,
            };
        }
    }

    /// <summary>
    /// Gives back what has waited for a slot since the last call: more was pushed than there are slots now, and another
    /// worker may be free.
    /// </summary>
    public void ReturnWaiting()
    {
        lock (_lock)
        {
            for (var left = _waiting.Count; left > 0; left--)
            {
                var held = _waiting.Dequeue();
                if (held.HasWaited)
                {
                    Forget(held, new ReleasedTask(held.Id.Unique, Requeue: true, TimeSpan.Zero, null));
                    continue;
                }

                held.HasWaited = true;
                _waiting.Enqueue(held);
            }
        }
    }

    /// <summary>Tells queues that this worker has come up: they attach to it at once.</summary>
    public void Announce(IEnumerable<PartitionId> partitions)
    {
        PartitionOutbox[] outboxes;
        lock (_lock)
            outboxes = [.. partitions.Where(p => _options.Serves(p.Queue)).Select(OutboxOf)];
        foreach (var outbox in outboxes)
            outbox.Announce();
    }

    /// <summary>Takes nothing new from now on, and hands back what waits for a slot.</summary>
    public void BeginDrain()
    {
        PartitionOutbox[] outboxes;
        lock (_lock)
        {
            if (_draining)
                return;
            _draining = true;
            LogDraining(_running, _waiting.Count);
            while (_waiting.TryDequeue(out var held))
                Forget(held, new ReleasedTask(held.Id.Unique, Requeue: true, TimeSpan.Zero, null));
            outboxes = [.. _outboxes.Values];
        }

        foreach (var outbox in outboxes)
            outbox.Announce();
    }

    /// <summary>Waits for what runs; what has not ended after the grace period is told to stop, and handed back.</summary>
    public async Task Drain(CancellationToken cancellationToken)
    {
        BeginDrain();
        try
        {
            await WhenIdle().WaitAsync(_options.DrainGrace, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                LogHandingBack(_held.Count);
                foreach (var held in _held.Values)
                    held.Stop(StopReason.Draining);
            }

            await WhenIdle().WaitAsync(cancellationToken);
        }

        await Task.WhenAll(Outboxes().Select(o => o.WhenSent())).WaitAsync(cancellationToken);
    }

    private PartitionOutbox[] Outboxes()
    {
        lock (_lock)
            return [.. _outboxes.Values];
    }

    private Task WhenIdle()
    {
        lock (_lock)
        {
            if (_held.Count == 0)
                return Task.CompletedTask;
            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    private PartitionOutbox OutboxOf(PartitionId partition)
    {
        if (!_outboxes.TryGetValue(partition, out var outbox))
            _outboxes[partition] = outbox = NewOutbox(partition);
        return outbox;
    }

    private void StartWaiting()
    {
        while (_running < _options.Concurrency && _waiting.TryDequeue(out var held))
        {
            if (held.Reason == StopReason.Cancelled)
            {
                Forget(held, new ReleasedTask(held.Id.Unique, Requeue: false, TimeSpan.Zero, null));
                continue;
            }

            _running++;
            held.IsBeginning = true;
            _ = Run(held);
        }
    }

    /// <summary>A task leaves this worker, and its partition is told. Called under the lock.</summary>
    private void Forget(HeldTask held, ReleasedTask released)
    {
        _held.Remove(held.Id);
        var outbox = OutboxOf(held.Id.Partition);
        outbox.Held--;
        outbox.Add(released);
        if (_held.Count == 0)
            _idle?.TrySetResult();
    }

    private PartitionOutbox NewOutbox(PartitionId partition)
    {
        var queue = _grains.GetPartition(partition); // to make a reference costs as much as a task's record
        return new PartitionOutbox(partition, () => WindowOf(partition), (tasks, window) => queue.Released(Worker, tasks, window), _time, _logger);
    }

    private int WindowOf(PartitionId partition)
    {
        lock (_lock)
            return _draining || !_options.Serves(partition.Queue) ? 0 : _windows.Of(partition, OutboxOf(partition).Held > 0, Room);
    }
}
