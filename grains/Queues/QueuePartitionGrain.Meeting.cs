using MorningAI.Workers;

namespace MorningAI.Queues;

/// <summary>Getting to know the workers: that there is this partition, and what they hold of it.</summary>
internal sealed partial class QueuePartitionGrain
{
    /// <summary>Of workers that are being asked what they hold: what they gave up before their answer was here. Null for what was known to be there.</summary>
    private readonly Dictionary<WorkerId, Dictionary<Guid, ReleasedTask?>> _givenUp = [];

    /// <summary>Attaches to workers that are new, in doubt or behind, and to every other once a sweep, and learns what they hold.</summary>
    private async Task MeetWorkers()
    {
        IReadOnlyList<WorkerStatus> workers;
        try
        {
            workers = await Patiently(GrainFactory.GetWorkerRegistry().List());
        }
        catch (Exception e)
        {
            LogNoRegistry(_id, e.Message);
            return; // those that are known go on
        }

        foreach (var status in workers.Where(w => w.Health != WorkerHealth.Healthy))
        {
            if (_assignments.TryGetLink(status.Report.Worker, out var link))
                link.Window = 0;
        }

        foreach (var status in workers.Where(w => w.Report.IsBehind))
        {
            if (_assignments.TryGetLink(status.Report.Worker, out var link))
                link.IsBehind = true; // until it says otherwise
        }

        await Task.WhenAll(workers.Where(NeedsMeeting).Select(w => Attach(w.Report.Worker)));
    }

    private bool NeedsMeeting(WorkerStatus status)
    {
        if (status.Health != WorkerHealth.Healthy)
            return false;
        return !_assignments.TryGetLink(status.Report.Worker, out var link)
            || (link.Unanswered == 0 && (link.InDoubt || link.Window == 0 || link.IsBehind || link.Missed.Length > 0 || IsAskedLongAgo(link) || _awake.IsUntold(status.Report.Worker.Host)));
    }

    private bool IsAskedLongAgo(WorkerLink link) => _time.GetUtcNow() - link.AskedAt >= _options.Sweep;

    private async Task Attach(WorkerId worker)
    {
        try
        {
            var isDoubted = !_assignments.TryGetLink(worker, out var known) || known.InDoubt;
            known?.AskedAt = _time.GetUtcNow();
            if (_awake.IsUntold(worker.Host))
                await Introduce(worker);
            var assignedBefore = _assignments.With(worker);
            var meanwhile = _givenUp[worker] = [];
            var attachment = await Patiently(GrainFactory.GetWorker(worker.Name).Attach(_id));
            if (attachment.Worker != worker)
                return; // the registry speaks of another life than the one that answered: it will learn
            // A worker's grain that woke up elsewhere, after its silo's death, knew of nothing that it had: an older silo's says so.
            if (_cluster.IsGone(worker.Host))
                return;
            var link = _assignments.Link(worker);
            link.Window = attachment.Window;
            link.InDoubt = false;
            link.IsBehind = attachment.IsBehind;
            link.AskedAt = _time.GetUtcNow();
            var held = attachment.Held.Select(h => h.Task).ToHashSet();
            foreach (var entry in attachment.Held)
            {
                var isGivenUp = meanwhile.TryGetValue(entry.Task, out var released);
                if (!isGivenUp || released is not null)
                    Claim(entry, worker);
                if (released is { } unknown)
                    TakeBack(worker, unknown);
            }

            Guid[] missed = [.. assignedBefore.Where(t => !held.Contains(t) && !meanwhile.ContainsKey(t))];
            Guid[] lost = isDoubted ? missed : [.. missed.Intersect(link.Missed)];
            link.Missed = missed; // what cannot be given back now, too
            if (lost.Length > 0)
                LogMissed(_id, worker, lost.Length);
            await Parallel(lost, task => GiveBack(task, worker));
        }
        catch (Exception e)
        {
            LogNotAttached(_id, worker, e.Message);
        }
        finally
        {
            _givenUp.Remove(worker);
        }
    }

    /// <summary>Where that fails, everything goes by way of the tasks' grains, and the next tick tries again. A silo of an older version cannot be told.</summary>
    private async Task Introduce(WorkerId worker)
    {
        try
        {
            if (await Patiently(GrainFactory.GetWorker(worker.Name).Introduce(_id)) == worker)
                _awake.Told(worker);
        }
        catch (Exception e)
        {
            LogNotIntroduced(_id, worker, e.Message);
        }
    }

    private void Claim(QueueEntry entry, WorkerId worker)
    {
        _unclaimed.Remove(entry.Task);
        _order.Remove(entry.Task);
        _paused.Remove(entry.Task);
        _heldBack.Remove(entry.Task);
        if (!_assignments.Contains(entry.Task))
            _assignments.Assign(entry.Task, entry.Order, worker);
    }
}
