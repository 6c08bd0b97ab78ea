using MorningAI.Handlers;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Workers;

internal sealed partial class AttemptRunner
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>One task on this worker, from its slot to its release.</summary>
    private async Task Run(HeldTask held)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // its caller has a lock
        var released = new ReleasedTask(held.Id.Unique, Requeue: true, FirstPause, null);
        var settling = false;
        _metrics.OnSlot(_time.GetElapsedTime(held.AcceptedAt));
        try
        {
            switch (await TryBeginDirectly(held) ?? await BeginByGrain(held))
            {
                case AttemptBegun begun:
                    held.Limits = begun.Limits;
                    await _pauses.WhenSound(); // the answer may have lain here while this silo stood still
                    var begunAt = _time.GetTimestamp();
                    if (begun.Attempt.Number == 1)
                        _metrics.OnBegun(_time.GetUtcNow() - held.Rank.Moment); // a later one has waited for more than a slot
                    var result = await _executor.Execute(held, begun, progress => Tell(held.Id, begun.Attempt, progress), step => Keep(held, begun.Attempt, step), said => _grains.GetTask(held.Id).Say(begun.Attempt, said));
                    settling = FreeSlot();
                    var endedAt = _time.GetTimestamp();
                    _metrics.OnRan(_time.GetElapsedTime(begunAt, endedAt));
                    if (held.IsSuperseded)
                        break; // asked again, the task says who has it now
                    var outcome = await Settle(held, begun.Attempt, result);
                    _metrics.OnStored(_time.GetElapsedTime(endedAt));
                    _metrics.OnEnded(begun.Kind, outcome.State, failed: outcome.Accepted && result is AttemptFailed);
                    // Refused while it runs, it is another worker's: asked again, the task says whose.
                    var isElsewhere = outcome is { Accepted: false, State: TaskState.Running };
                    released = released with { Requeue = isElsewhere || outcome.State is TaskState.Queued or TaskState.Scheduled, Pause = Until(outcome.DueAt), IsBehind = outcome.IsBehind };
                    break;
                case AttemptRefused refused:
                    released = released with { Requeue = refused.DueAt is not null || refused.HeldBackBy is not null, Pause = Until(refused.DueAt), HeldBy = refused.HeldBy, HeldBackBy = refused.HeldBackBy, IsBehind = refused.IsBehind || refused.State?.IsTerminal() != true };
                    break;
                case var other:
                    LogUnknownAnswer(held.Id, other.GetType().Name);
                    break;
            }
        }
        catch (Exception e)
        {
            // It was not begun: the record cannot be read now, or its silo just died. The queue pushes it again.
            LogNotBegun(held.Id, e.Message);
        }

        lock (_lock)
        {
            if (settling)
                _settling--;
            else
                _running--;
            _finished++;
            Forget(held, released);
            if (!_draining)
                StartWaiting();
        }
    }

    private async Task<StartOutcome> BeginByGrain(HeldTask held)
    {
        if (held.Fresh is { } fresh)
            await fresh.Stored; // the grain reads what is stored
        return await _grains.GetTask(held.Id).Start(Worker);
    }

    /// <summary>The handler has ended: the next one need not wait until that is written. But where nothing can be, no more than some run for it.</summary>
    /// <returns>Whether the slot is free.</returns>
    private bool FreeSlot()
    {
        lock (_lock)
        {
            if (_settling >= MostUnderWay)
                return false;
            _settling++;
            _running--;
            if (!_draining)
                StartWaiting();
            return true;
        }
    }

    /// <summary>Reports the end of an attempt until somebody takes it: the work is done, and only its record is missing.</summary>
    private async Task<CompleteOutcome> Settle(HeldTask held, AttemptRef attempt, AttemptResult result)
    {
        if (await TryEndDirectly(held, result) is { } done)
            return done;
        var id = held.Id;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var outcome = await _grains.GetTask(id).Complete(attempt, result);
                if (!outcome.Accepted)
                    LogRefused(id, attempt, outcome.State);
                return outcome;
            }
            catch (Exception e)
            {
                // Whatever it is: giving up here would run the handler again, and what it did must not be done twice.
                LogNotSettled(id, attempt, e.Message, pause);
                await Task.Delay(pause, _time);
            }
        }
    }

    /// <summary>The step has run, and only its record is missing: tries as long as anyone would still use it.</summary>
    private async Task Keep(HeldTask held, AttemptRef attempt, StepResult step)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var outcome = await _grains.GetTask(held.Id).KeepStep(attempt, step);
                if (outcome.Accepted)
                    return;
                held.IsSuperseded = true;
                throw new TaskFailedException(TaskError.Superseded, $"Attempt {attempt.Number} is not the task's current one any more; step '{step.Name}' is not kept.");
            }
            catch (Exception e) when (e is not TaskFailedException)
            {
                LogNotSettled(held.Id, attempt, e.Message, pause);
                await Task.Delay(pause, _time);
            }
        }
    }

    private TimeSpan Until(DateTimeOffset? due) => due - _time.GetUtcNow() is { } left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private void Tell(TaskId id, AttemptRef attempt, TaskProgress progress)
    {
        // One way: nobody waits for it, and the next report replaces a lost one.
        _ = _grains.GetTask(id).Report(attempt, progress);
    }
}
