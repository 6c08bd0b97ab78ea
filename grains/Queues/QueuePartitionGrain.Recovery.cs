using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Queues;

internal sealed partial class QueuePartitionGrain
{
    private const int PageSize = 10_000;
    private const int HeadSize = 256;

    /// <summary>Older tasks go first, where they are known soon.</summary>
    private static readonly TimeSpan WaitForOlder = TimeSpan.FromSeconds(1);

    /// <summary>At most so often a tick is brought forward.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    /// <summary>Stored as running, and no worker that we know of has it (yet).</summary>
    private readonly HashSet<Guid> _unclaimed = [];

    /// <summary>The store knows that they are dead.</summary>
    private readonly HashSet<SiloAddress> _fenced = [];

    private DateTimeOffset _fencedSince; // the store's state then; what it was told it may have lost with the next

    private DateTimeOffset _upSince;
    private DateTimeOffset _foundAt; // when the store last had a task that nobody had told of
    private bool _rebuilt;
    private bool _complete;
    private bool _ticking;
    private bool _ticksSoon;
    private bool _sweepFailed;
    private DateTimeOffset _sweepDue;

    /// <summary>Interleaves with calls, so that a slow worker or store does not stop the queue.</summary>
    private async Task Tick(CancellationToken cancellationToken)
    {
        if (_ticking)
            return;
        (_ticking, _ticksSoon) = (true, false);
        try
        {
            AdmitDue();
            TryForgottenAgain();
            await Fence(_cluster.Dead);
            await MeetWorkers();
            await ForgetLostWorkers();
            if (_health.State != StoreState.Healthy)
                _sweepDue = default; // as soon as it is
            // What is stored as waiting or running may be done, by a silo whose journal is not back. What comes in now is not:
            // that need not wait for it.
            if (_absent.Any)
                _rebuilt |= _time.GetUtcNow() - _upSince >= WaitForOlder;
            else if (_time.GetUtcNow() >= _sweepDue)
                await Sweep();
            await ClaimRunning();
            Dispatch();
        }
        catch (Exception e)
        {
            LogTickFailed(e, _id);
        }
        finally
        {
            _ticking = false;
        }
    }

    /// <summary>A worker speaks that was not met yet: it has come up. Left to the next tick, it would be idle for up to a second.</summary>
    private void TickSoon()
    {
        if (_ticksSoon)
            return;
        _ticksSoon = true;
        _tick?.Change(Soon, _options.Tick);
    }

    /// <summary>Gives back what was with workers whose silo is gone.</summary>
    private async Task ForgetLostWorkers()
    {
        _awake.Gone(_cluster.IsGone);
        foreach (var link in _assignments.Links.Where(l => l.IsBehind && _cluster.IsGone(l.Worker.Host)))
            _absent.DiedBehind(link.Worker.Host);
        foreach (var worker in _assignments.Holders())
        {
            if (!_cluster.IsGone(worker.Host) || _absent.IsAbsent(worker.Host))
                continue;
            await Fence([worker.Host]);
            var tasks = _assignments.With(worker);
            LogWorkerLost(_id, worker, tasks.Length);
            await Parallel(tasks, task => GiveBack(task, worker));
        }

        foreach (var link in _assignments.Links.Where(l => _cluster.IsGone(l.Worker.Host) && !_absent.IsAbsent(l.Worker.Host)).ToArray())
            _assignments.Unlink(link.Worker);
    }

    /// <summary>
    /// Before anything that dead silos had begins anew: one that is only cut off, and does not know that it is called dead,
    /// would end it behind the back of whoever has it then.
    /// </summary>
    private async Task Fence(IEnumerable<SiloAddress> dead)
    {
        if (_fencedSince != _health.Since)
            _fenced.Clear();
        _fencedSince = _health.Since;
        SiloAddress[] silos = [.. dead.Where(s => !_fenced.Contains(s))];
        if (silos.Length == 0 || !_health.IsWorthTrying)
            return; // in an outage it takes nothing of theirs either
        try
        {
            await _records.Fence(_id, silos);
            _fenced.UnionWith(silos);
        }
        catch (StoreUnavailableException e)
        {
            LogNotFenced(_id, e.Message); // the next tick tries again
        }
    }

    /// <summary>The task's own word decides: it is queued again, or it had ended and is let go. Where it cannot be asked now, the next tick asks.</summary>
    private async Task GiveBack(Guid task, WorkerId worker)
    {
        try
        {
            var state = await Patiently(GrainFactory.GetTask(new TaskId(_id, task)).GiveBack(worker, GiveBackReason.WorkerLost));
            if (!_assignments.IsWith(task, worker) || !_assignments.Release(task, out var rank))
                return;
            // Before its time it is refused, and told when to come again; where another runs it, told who.
            if (state is TaskState.Queued or TaskState.Scheduled or TaskState.Running)
                _order.Add(new QueueEntry(task, rank));
        }
        catch (Exception e)
        {
            LogNotGivenBack(_id, task, worker, e.Message);
        }
    }

    /// <summary>
    /// Compares with what is stored: everything at first, then the oldest of the waiting ones and all that run. What was
    /// stored but never enqueued (its intake died in between) is taken in here.
    /// </summary>
    private async Task Sweep()
    {
        try
        {
            var ran = _complete ? [] : await Read(TaskState.Running, int.MaxValue); // what comes back from a worker meanwhile may be on none of the other pages
            var waiting = await Read(TaskState.Queued, _complete ? HeadSize : int.MaxValue);
            var scheduled = await Read(TaskState.Scheduled, _complete ? HeadSize : int.MaxValue);
            var running = await Read(TaskState.Running, int.MaxValue);
            var blocked = await Read(TaskState.Blocked, HeadSize);
            // Emptied, and half put back by another silo, it shows as waiting what this one has ended, and nobody may know yet.
            await _records.LookAnew();
            if (_health.State != StoreState.Healthy || _absent.Any)
            {
                _rebuilt |= _time.GetUtcNow() - _upSince >= WaitForOlder;
                return;
            }

            var known = Known;
            foreach (var (task, rank) in waiting)
                Admit(new QueueEntry(task, new QueueRank(rank)));
            foreach (var (task, due) in scheduled)
                Admit(new QueueEntry(task, DueScore.Rank(due)) { IsLater = true });
            if (Known > known)
                _foundAt = _time.GetUtcNow();
            foreach (var (task, _) in ran.Concat(running))
            {
                if (!_assignments.Contains(task) && !_order.Contains(task) && !_heldBack.Contains(task))
                    _unclaimed.Add(task);
            }

            // What is listed there is stored, so it is the first of its key.
            var areVerified = true;
            await Parallel([.. blocked.Select(b => b.Task)], async task => areVerified &= await Verify(task));
            if (!_complete)
                LogRebuilt(_id, waiting.Count, running.Count);
            _complete = true;
            _sweepFailed = false;
            // A page full of released keys: there are more.
            _sweepDue = _time.GetUtcNow() + (!areVerified ? _options.Patience : blocked.Count < HeadSize ? _options.Sweep : TimeSpan.Zero);
        }
        catch (StoreUnavailableException e)
        {
            // Goes on with what it knows; the next tick tries again.
            if (!_sweepFailed)
                LogSweepFailed(_id, e.Message);
            _sweepFailed = true;
        }

        _rebuilt = true;
    }

    private async Task<List<(Guid Task, long Rank)>> Read(TaskState state, int atMost)
    {
        var all = new List<(Guid, long)>();
        while (all.Count < atMost)
        {
            var page = await _records.List(_id, state, all.Count, Math.Min(PageSize, atMost - all.Count));
            all.AddRange(page);
            if (page.Count < PageSize)
                break;
        }

        return all;
    }

    /// <summary>In the background of everything else. A silo that is awaited may bring back what it knows to be unfinished, and must find its end.</summary>
    private Task Purge(CancellationToken cancellationToken) =>
        _purge.Run(_id, () => _complete && _health.State == StoreState.Healthy && !_absent.Any, cancellationToken);

    /// <summary>Finds out about tasks that are stored as running and that no worker has claimed.</summary>
    private async Task ClaimRunning()
    {
        if (_unclaimed.Count > 0)
            await Parallel([.. _unclaimed], Claim);
    }

    private async Task Claim(Guid task)
    {
        try
        {
            var id = new TaskId(_id, task);
            var snapshot = await Patiently(GrainFactory.GetTask(id).Get());
            if (snapshot?.HeldBy is { } worker)
            {
                if (_assignments.IsWith(task, worker))
                    _unclaimed.Remove(task);
                else if (_absent.IsAbsent(worker.Host))
                    return;
                else if (!_cluster.IsGone(worker.Host) && (!_assignments.TryGetLink(worker, out var link) || link.InDoubt))
                    return; // its worker lives and has not been met yet
                else if (await Patiently(GrainFactory.GetTask(id).GiveBack(worker, GiveBackReason.WorkerLost)) is var state && state == TaskState.Running)
                    return; // it has changed hands
                else
                    snapshot = state is TaskState.Queued or TaskState.Scheduled ? snapshot with { State = TaskState.Queued } : null;
            }

            _unclaimed.Remove(task);
            if (snapshot?.State is TaskState.Queued or TaskState.Scheduled)
                Admit(new QueueEntry(task, QueueRank.Of(snapshot.Priority, snapshot.DueAt ?? snapshot.CreatedAt)) { IsLater = snapshot.DueAt is not null });
        }
        catch (Exception e)
        {
            LogNotClaimed(_id, task, e.Message);
        }
    }

    private int Known => _order.Count + _paused.Count;

    /// <returns>False where its grain does not answer now: a silo that hangs must not hold up the others' tasks.</returns>
    private async Task<bool> Verify(Guid task)
    {
        try
        {
            await GrainFactory.GetTask(new TaskId(_id, task)).KeyVerified().WaitAsync(_options.Patience, _time);
            return true;
        }
        catch (Exception e)
        {
            LogNotVerified(_id, task, e.Message);
            return false;
        }
    }

    private Task<T> Patiently<T>(Task<T> call) => call.WaitAsync(_options.Patience, _time);

    private static Task Parallel(Guid[] tasks, Func<Guid, Task> act) =>
        Task.WhenAll(tasks.Chunk((tasks.Length / 64) + 1).Select(async chunk =>
        {
            foreach (var task in chunk)
                await act(task);
        }));
}
