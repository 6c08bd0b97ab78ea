using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Queues;

internal sealed partial class QueuePartitionGrain
{
    /// <summary>Timers run no longer than 49 days; it is set anew then.</summary>
    private static readonly TimeSpan LongestAlarm = TimeSpan.FromDays(1);

    /// <summary>What is read shows what every silo has acknowledged: what it says is queued did not end elsewhere.</summary>
    private bool IsStoreTrue => _cluster.IsAlone || (!_absent.Any && !_assignments.Links.Any(static l => l.IsBehind));

    /// <summary>What was stored within <see cref="FreshTasks.Lifetime"/> nobody has found in the store: no earlier life of the partition, and no sweep.</summary>
    private bool IsFirstToTell => _time.GetUtcNow() - (_foundAt > _upSince ? _foundAt : _upSince) > FreshTasks.Lifetime;

    /// <summary>Pushes what is ready to whoever has credits. Called after everything that may have made either.</summary>
    /// <param name="areFresh">What was taken in just now nobody else can have run.</param>
    private void Dispatch(bool areFresh = false)
    {
        if (!_rebuilt || IsPaused)
            return; // not rebuilt: an older task may still come up that goes first
        while (DispatchPlan.Next(_assignments.Links, _order.Count, _options.MaxPush) is { } plan)
        {
            var isStoreTrue = IsStoreTrue;
            var tasks = new QueueEntry[plan.Count];
            for (var i = 0; i < tasks.Length; i++)
            {
                _order.TryTake(out var entry);
                var isAsleep = _awake.IsAsleep(entry.Task);
                tasks[i] = entry with { IsDirect = isStoreTrue && isAsleep, IsAsleep = isAsleep };
                _assignments.Assign(entry.Task, entry.Order, plan.Link.Worker);
            }

            if (plan.Link.Worker == _here.Worker)
                Take(_here.Accept(_id, new DispatchBatch(tasks, _order.Count), areFresh), plan.Link, tasks); // this silo's own: no message is needed
            else
                _ = Push(plan.Link, tasks);
        }
    }

    /// <summary>Only where nothing waits before it, and no other worker is freer: whoever is not here cannot read it yet.</summary>
    private bool GiveToWorkerHere(QueueEntry entry, FreshTask storing)
    {
        if (!_rebuilt || IsPaused || _order.Count > 0 || !_awake.IsAsleep(entry.Task) || _assignments.Contains(entry.Task)
            || !_assignments.TryGetLink(_here.Worker, out var link) || !DispatchPlan.IsFreest(link, _assignments.Links))
        {
            return false;
        }

        _assignments.Assign(entry.Task, entry.Order, link.Worker);
        var reply = _here.Accept(_id, new DispatchBatch([entry with { IsDirect = true, IsAsleep = true }], Backlog: 0), storing: storing);
        Take(reply, link, []);
        if (!reply.Taken)
            _assignments.Release(entry.Task, out _);
        return reply.Taken;
    }

    private void DropFresh(Guid task) => _fresh.Take(new TaskId(_id, task));

    /// <summary>Sets the alarm where this one is the first to come up: the tick alone would be up to a second late.</summary>
    private void Pause(QueueEntry entry, DateTimeOffset until)
    {
        _paused.Add(entry, until);
        if (_alarmAt is null || until < _alarmAt)
            SetAlarm(until);
    }

    private void SetAlarm(DateTimeOffset? at)
    {
        _alarmAt = at;
        if (at is null)
            return;
        var wait = at.Value - _time.GetUtcNow();
        _alarm?.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < LongestAlarm ? wait : LongestAlarm, Timeout.InfiniteTimeSpan);
    }

    private Task Due(CancellationToken cancellationToken)
    {
        AdmitDue();
        Dispatch();
        return Task.CompletedTask;
    }

    /// <summary>Takes in what was waited for, and sets the alarm for the next.</summary>
    private void AdmitDue()
    {
        while (_paused.TryTake(_time.GetUtcNow(), out var entry))
            Admit(entry);
        SetAlarm(_paused.NextDue);
    }

    private async Task Push(WorkerLink link, QueueEntry[] tasks)
    {
        link.Unanswered++;
        try
        {
            var reply = await GrainFactory.GetWorker(link.Worker.Name).Dispatch(_id, new DispatchBatch(tasks, _order.Count));
            Take(reply, link, tasks);
        }
        catch (Exception e)
        {
            // It may have arrived. Asked again with the next tick, the worker says what it holds.
            link.InDoubt = true;
            LogPushInDoubt(_id, link.Worker, tasks.Length, e.Message);
        }
        finally
        {
            link.Unanswered--;
        }

        Dispatch();
    }

    private void Take(DispatchReply reply, WorkerLink link, QueueEntry[] tasks)
    {
        if (reply.Worker != link.Worker)
            link.InDoubt = true; // another life of the worker answered
        else
            link.Window = reply.Window;
        if (!reply.Taken)
            PutBack(tasks, link.Worker);
    }

    private void PutBack(QueueEntry[] tasks, WorkerId worker)
    {
        foreach (var task in tasks)
        {
            if (_assignments.IsWith(task.Task, worker) && _assignments.Release(task.Task, out _))
                _order.Add(task);
        }
    }
}
