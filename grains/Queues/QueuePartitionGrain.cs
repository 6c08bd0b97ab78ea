using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Cluster;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Queues;

/// <summary>
/// Order and dispatch for one partition. Holds nothing that is not stored elsewhere: ready tasks come back from the
/// state index, running ones from the workers that hold them. This file has the calls; <c>.Dispatch</c> how tasks reach
/// workers, <c>.Waiting</c> what keeps them from it, <c>.Meeting</c> how it gets to know workers, <c>.Recovery</c> how it
/// rebuilds itself and what it does about lost ones.
/// </summary>
internal sealed partial class QueuePartitionGrain : Grain, IQueuePartitionGrain, IPartitionHere
{
    private readonly IDurableRecords _records;
    private readonly ClusterView _cluster;
    private readonly AbsentJournals _absent;
    private readonly StoreHealth _health;
    private readonly ILocalWorker _here;
    private readonly QueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<QueuePartitionGrain> _logger;
    private readonly PartitionId _id;
    private readonly TaskPurge _purge;

    private readonly QueueOrder _order = new();
    private readonly Assignments _assignments = new();
    private readonly PausedTasks _paused = new();
    private readonly AwakeTasks _awake;
    private readonly FreshTasks _fresh;
    private readonly PartitionsHere _partitionsHere;
    private IGrainTimer? _tick;
    private IGrainTimer? _alarm;
    private DateTimeOffset? _alarmAt;
    private TaskScheduler _turns = TaskScheduler.Default; // the grain's own
    private bool _hasLeft;

    public QueuePartitionGrain(IDurableRecords records, StoreHealth health, ClusterView cluster, AbsentJournals absent, ILocalWorker here, QueueControls controls, FreshTasks fresh, PartitionsHere partitionsHere, TaskPurge purge, IOptions<QueueOptions> options, TimeProvider time, ILogger<QueuePartitionGrain> logger)
    {
        _records = records;
        _cluster = cluster;
        _absent = absent;
        _health = health;
        _here = here;
        _controls = controls;
        _fresh = fresh;
        _partitionsHere = partitionsHere;
        _purge = purge;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _id = PartitionId.Parse(this.GetPrimaryKeyString());
        _awake = new AwakeTasks(time);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _upSince = _time.GetUtcNow();
        // What is known here comes late: one that seems to join, this very silo too, may have been active for a while.
        _awake.Await(_cluster.Members.Where(m => m.Status is SiloStatus.Created or SiloStatus.Joining or SiloStatus.Active).Select(m => m.SiloAddress));
        _tick = this.RegisterGrainTimer(Tick, new GrainTimerCreationOptions(TimeSpan.Zero, _options.Tick) { Interleave = true });
        this.RegisterGrainTimer(Purge, new GrainTimerCreationOptions(_purge.Every, _purge.Every) { Interleave = true });
        _alarm = this.RegisterGrainTimer(Due, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { Interleave = true });
        _turns = TaskScheduler.Current;
        _partitionsHere.Add(_id, this);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _hasLeft = true;
        _partitionsHere.Remove(_id, this);
        return Task.CompletedTask;
    }

    public Task Enqueue(QueueEntry[] entries)
    {
        foreach (var entry in entries)
            Admit(entry);
        Dispatch(areFresh: IsFirstToTell);
        foreach (var entry in entries)
            DropFresh(entry.Task);
        return Task.CompletedTask;
    }

    Task<bool> IPartitionHere.TryBegin(QueueEntry entry) => Task.Factory.StartNew(() => TryBegin(entry), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _turns);

    public Task Released(WorkerId worker, ReleasedTask[] tasks, int window)
    {
        _givenUp.TryGetValue(worker, out var meanwhile);
        foreach (var task in tasks)
        {
            var isKnown = TakeBack(worker, task);
            meanwhile?[task.Task] = isKnown ? null : task;
        }

        // One that was not met yet may hold more than it speaks of here: it is sent nothing, and taken at its word for
        // nothing else, before it has been asked. One of an earlier life says nothing about the present one.
        if (_assignments.TryGetLink(worker, out var link))
            link.Window = window;
        else if (window > 0)
            TickSoon();
        Dispatch();
        return Task.CompletedTask;
    }

    public Task<WorkerId?> Meet(Guid task)
    {
        _awake.Meet(task);
        return Task.FromResult(_assignments.TryGetWorker(task, out var worker) ? worker : (WorkerId?)null);
    }

    public Task Remove(Guid task)
    {
        Forget(task);
        return Task.CompletedTask;
    }

    public async Task<PartitionStatus> GetStatus()
    {
        long[]? stored = null;
        try
        {
            stored = await _records.Count(_id);
        }
        catch (StoreUnavailableException e)
        {
            LogNotCounted(_id, e.Message);
        }

        return Status(stored);
    }

    public Task Wake() => Task.CompletedTask;

    private void Admit(QueueEntry entry)
    {
        if (_assignments.Contains(entry.Task) || _paused.Contains(entry.Task) || _heldBack.Contains(entry.Task))
            return;
        if (entry.IsLater && entry.Order.Moment > _time.GetUtcNow())
            Pause(entry, entry.Order.Moment);
        else
            _order.Add(entry);
    }

    private bool TryBegin(QueueEntry entry)
    {
        var storing = _fresh.Take(new TaskId(_id, entry.Task));
        return storing is not null && !_hasLeft && IsFirstToTell && IsStoreTrue && GiveToWorkerHere(entry, storing);
    }

    /// <returns>False where it is not known to be there: somebody else has it by now, it was given back before, or is about to be claimed.</returns>
    private bool TakeBack(WorkerId worker, ReleasedTask task)
    {
        if (!_assignments.IsWith(task.Task, worker) || !_assignments.Release(task.Task, out var rank))
            return false;
        if (task.IsBehind)
            _awake.Meet(task.Task);
        else if (!task.Requeue)
            _awake.Forget(task.Task);
        if (task.HeldBy is { } holder)
            _assignments.Assign(task.Task, rank, holder);
        else if (task.HeldBackBy is { } by)
            HoldBack(new QueueEntry(task.Task, rank), by);
        else if (task.Requeue && task.Pause > TimeSpan.Zero)
            Pause(new QueueEntry(task.Task, rank), _time.GetUtcNow() + task.Pause);
        else if (task.Requeue)
            _order.Add(new QueueEntry(task.Task, rank));
        return true;
    }
}
