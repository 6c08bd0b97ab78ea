using MorningAI.Storage;
using MorningAI.Workers;

namespace MorningAI.Tasks;

/// <summary>What workers ask and report: attempts that begin, get on, end, or are given back.</summary>
internal sealed partial class TaskGrain
{
    public async Task<StartOutcome> Start(WorkerId worker)
    {
        await Load();
        if (_task is not { } task)
            return new AttemptRefused(null, null);
        if (task.State == TaskState.Running && task.Current!.Value.Worker == worker)
            return Begun(task);
        var now = _time.GetUtcNow();
        if (TaskRules.IsOverdue(task, now))
            await Save(task = TaskRules.Expire(task, now));
        if (!TaskRules.MayBegin(task, now))
            return new AttemptRefused(task.State, task.Current?.Worker) { DueAt = task.State == TaskState.Scheduled ? task.DueAt : null, IsBehind = IsAhead };
        if (await HeldBackBy(task, worker) is { } by)
            return new AttemptRefused(task.State, null) { HeldBackBy = by };

        var next = TaskRules.Begin(task, worker, now);
        var write = ToWrite(next);
        _records.WriteBehind(write);
        Apply(next, write.Version, Durability.Redis);
        return Begun(next);
    }

    public async Task<CompleteOutcome> Complete(AttemptRef attempt, AttemptResult result)
    {
        await Load();
        if (_task is not { } task)
            return new CompleteOutcome(false, null);
        if (!TaskRules.IsCurrent(task, attempt))
        {
            var repeated = task.Ended == attempt;
            if (!repeated)
                LogStale(_id, attempt, task.State);
            else if (IsAhead)
                StayUntilStored(); // its worker wrote the end by itself, and only a journal has it
            return Completed(repeated, task);
        }

        var now = _time.GetUtcNow();
        if (task.State != TaskState.Running)
            task = TaskRules.Begin(task, attempt.Worker, now);
        if (result.Said is { } said)
            task = Heard(task, attempt, said);
        await Save(TaskRules.End(task, result, now, Random.Shared.NextDouble()));
        return Completed(true, _task!);
    }

    public async Task<CompleteOutcome> KeepStep(AttemptRef attempt, StepResult step)
    {
        await Load();
        if (_task is not { } task || !TaskRules.IsCurrent(task, attempt))
            return new CompleteOutcome(false, _task?.State);
        if (task.State != TaskState.Running)
            task = TaskRules.Begin(task, attempt.Worker, _time.GetUtcNow());
        if (TaskRules.KeepStep(task, step) is var next && next != task)
            await Save(next);
        return new CompleteOutcome(true, _task!.State);
    }

    public async Task Report(AttemptRef attempt, TaskProgress progress)
    {
        try
        {
            await Load();
        }
        catch (StoreUnavailableException)
        {
            return; // the next report replaces it
        }

        if (_task?.Current == attempt)
        {
            _progress = progress;
            _progressCount++;
            Changed();
        }
    }

    public async Task<TaskState?> GiveBack(WorkerId worker, GiveBackReason reason)
    {
        await Load();
        if (_task is { State: TaskState.Running } task && task.Current!.Value.Worker == worker)
        {
            var now = _time.GetUtcNow();
            await Save(reason == GiveBackReason.WorkerLost ? TaskRules.LoseWorker(task, now) : TaskRules.End(task, new AttemptHandedBack(), now));
            LogGivenBack(_id, worker, reason, _task!.State);
        }
        else if (_task is { State: TaskState.Queued or TaskState.Scheduled } waiting && reason == GiveBackReason.WorkerLost)
        {
            // It may have begun there, and that silo may be stopped rather than dead: what it writes or reports when it goes on is refused.
            await Save(TaskRules.Fence(waiting));
        }

        return _task?.State;
    }

    private AttemptBegun Begun(TaskRecord task) => TaskRules.Begun(task, LimitsOf(task));

    private CompleteOutcome Completed(bool accepted, TaskRecord task) =>
        new(accepted, task.State) { DueAt = task.State == TaskState.Scheduled ? task.DueAt : null, IsBehind = IsAhead };
}
