using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Cluster;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using Orleans.Placement;
using Orleans.Runtime;

namespace MorningAI.Schedules;

/// <summary>
/// One schedule. It keeps up to where its due times are settled, and each firing's task has an id made of name and due time:
/// so a firing that was broken off is repeated, and its task is the same one.
/// </summary>
[PreferLocalPlacement] // beside the directory that wakes it
[CollectionAgeLimit(Minutes = 5)]
internal sealed partial class ScheduleGrain(
    [PersistentState("schedule", DurableStorage.Name)] IPersistentState<ScheduleState> state,
    ScheduleCheck check,
    IOptions<QueueOptions> queues,
    StoreHealth health,
    AbsentJournals absent,
    TimeProvider time,
    ILogger<ScheduleGrain> logger) : Grain, IScheduleGrain
{
    /// <summary>A call to a task whose silo has just died is answered after 30 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How long a due time waits for word of the task before. In an outage only those are unreadable that ended long ago, or whose silo is dead.</summary>
    private static readonly TimeSpan OverlapPatience = TimeSpan.FromSeconds(10);

    private readonly ILogger<ScheduleGrain> _logger = logger;
    private ScheduleRecord? _schedule;
    private CronTimes? _times; // null where there is no schedule, or its times cannot be read
    private string? _unreadable;

    private ScheduleName Name => ScheduleName.Parse(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Apply(state.State.Schedule);
        return Task.CompletedTask;
    }

    public async Task<ScheduleOutcome> Put(ScheduleSpec spec)
    {
        if (!ScheduleName.TryParse(this.GetPrimaryKeyString(), out _))
            return new ScheduleRefused("name", $"name: use {ScheduleName.Form}.");
        if (check.Check(spec, out var whole) is { } refused)
            return refused;
        var now = time.GetUtcNow();
        var created = _schedule is null;
        if (_schedule is { Paused: null } before)
            await FireDue(before, now);
        await GrainFactory.GetScheduleDirectory(Name).Register(Name);
        await Save(_schedule is { } present
            ? present with { Spec = whole, Settled = Later(present.Settled, now), LastFault = null }
            : new ScheduleRecord { Spec = whole, CreatedAt = now, Settled = now });
        return new ScheduleStored(Snapshot()!, created);
    }

    public Task<ScheduleSnapshot?> Get() => Task.FromResult(Snapshot());

    public async Task<ScheduleSnapshot?> Pause(string? by)
    {
        if (_schedule is { Paused: null } schedule)
            await Save(schedule with { Paused = new SchedulePause(time.GetUtcNow(), by is { Length: > SchedulePause.MaxBy } ? by[..SchedulePause.MaxBy] : by) });
        return Snapshot();
    }

    public async Task<ScheduleSnapshot?> Resume()
    {
        if (_schedule is { Paused: not null } schedule)
        {
            await GrainFactory.GetScheduleDirectory(Name).Register(Name);
            await Save(schedule with { Paused = null, Settled = Later(schedule.Settled, time.GetUtcNow()) });
        }

        return Snapshot();
    }

    public async Task<SubmitOutcome?> Trigger(Guid unique)
    {
        if (_schedule is not { } schedule)
            return null;
        var queue = schedule.Spec.Queue!.Value;
        var id = Firing.IdOf(queue, queues.Value.PartitionsOf(queue), unique);
        var outcome = (await Submit([Firing.Submission(schedule.Spec, id, TraceId.CurrentOrNew())]))[0];
        if (outcome is TaskAccepted)
        {
            try
            {
                await Save(schedule with { LastTask = id, LastFault = null });
            }
            catch (StoreUnavailableException e)
            {
                LogNotKept(Name, id, e.Message); // the task is there, and that is what was asked for
            }
        }

        return outcome;
    }

    public async Task<bool> Remove()
    {
        if (_schedule is null)
            return false;
        await Save(null);
        try
        {
            await GrainFactory.GetScheduleDirectory(Name).Register(Name);
        }
        catch (Exception e)
        {
            LogStillListed(Name, e.Message); // it finds out when it wakes this the next time
        }

        return true;
    }

    public async Task<ScheduleWake> Wake()
    {
        if (_schedule is { Paused: null } schedule)
            await FireDue(schedule, time.GetUtcNow());
        return new ScheduleWake(_schedule is not null, NextDue());
    }

    /// <exception cref="StoreUnavailableException">Not all of it could be fired now; repeating it makes the same tasks.</exception>
    private async Task FireDue(ScheduleRecord schedule, DateTimeOffset now)
    {
        if (_times is null || ScheduleRules.Decide(_times, schedule.Spec.Misfire, schedule.Spec.Overlap, schedule.Settled, now) is not { } plan)
            return;
        // It may have been fired by a silo that died in the outage: the task is in its journal, and may have ended there.
        if (plan.Fire.Count > 0 && health.IsWorthTrying && plan.Fire[0] < health.OutageEnded && absent.Any)
            throw new StoreUnavailableException($"A silo that died in the outage may have fired what was due at {plan.Fire[0]:u}: its journal is awaited for a moment.");
        var next = schedule with { Settled = plan.Settled };
        if (plan.Fire.Count == 0)
            LogMissed(Name, plan.Settled);
        else if (schedule is { Spec.Overlap: OverlapPolicy.Skip, LastTask: { } last } && await IsUnderWay(last, now - plan.Fire[0]))
            next = next with { Overlapped = schedule.Overlapped + 1 };
        else
            next = await Fire(next, plan.Fire);
        await Save(next);
    }

    private async Task<ScheduleRecord> Fire(ScheduleRecord schedule, IReadOnlyList<DateTimeOffset> due)
    {
        var queue = schedule.Spec.Queue!.Value;
        var partitions = queues.Value.PartitionsOf(queue);
        var outcomes = await Submit([.. due.Select(d => Firing.Submission(schedule.Spec, Firing.IdOf(Name, queue, partitions, d), TraceId.New()))]);
        string? fault = null;
        foreach (var (at, outcome) in due.Zip(outcomes))
        {
            switch (outcome)
            {
                case TaskAccepted accepted:
                    schedule = schedule with { LastDue = at, LastTask = accepted.Receipt.TaskId, Fired = schedule.Fired + 1 };
                    fault = null;
                    break;
                case TaskRefused refused: // its kind went, or takes the payload no more: it will not be better a moment later
                    fault = refused.Message;
                    LogRefused(Name, at, fault);
                    break;
                case StoreUnavailable unavailable:
                    throw new StoreUnavailableException(unavailable.Message) { RetryAfter = unavailable.RetryAfter };
                default:
                    throw new StoreUnavailableException($"Nobody can say whether the task due at {at:u} was made. It is submitted again.");
            }
        }

        return schedule with { LastFault = fault };
    }

    private Task<SubmitOutcome[]> Submit(TaskSubmission[] submissions) => GrainFactory.GetIntake().Submit(submissions);

    private async Task<bool> IsUnderWay(TaskId task, TimeSpan late)
    {
        try
        {
            return await GrainFactory.GetTask(task).Get().WaitAsync(Patience, time) is { } found && !found.State.IsTerminal();
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException or OrleansException)
        {
            return late > OverlapPatience
                ? false
                : throw new StoreUnavailableException($"Nobody can say now whether the task before, {task}, has ended: {e.Message}", e);
        }
    }

    /// <summary>Durable when it returns; only then is the change applied.</summary>
    private async Task Save(ScheduleRecord? next)
    {
        state.State.Schedule = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State.Schedule = _schedule;
            throw;
        }

        Apply(next);
    }

    private void Apply(ScheduleRecord? schedule)
    {
        if (schedule?.Spec != _schedule?.Spec)
            (_times, _unreadable) = schedule is null ? (null, null) : Read(schedule.Spec);
        _schedule = schedule;
    }

    private (CronTimes? Times, string? Fault) Read(ScheduleSpec spec)
    {
        try
        {
            return (CronTimes.Of(spec), null);
        }
        catch (FormatException e)
        {
            LogUnreadable(Name, e.Message); // it can still be looked at, changed and removed
            return (null, e.Message);
        }
    }

    private DateTimeOffset? NextDue() => _schedule is { Paused: null } schedule ? _times?.Next(schedule.Settled) : null;

    private ScheduleSnapshot? Snapshot() => _schedule is not { } schedule ? null : new ScheduleSnapshot
    {
        Name = Name,
        Spec = schedule.Spec,
        CreatedAt = schedule.CreatedAt,
        Paused = schedule.Paused,
        NextDue = NextDue(),
        LastDue = schedule.LastDue,
        LastTask = schedule.LastTask,
        Fired = schedule.Fired,
        Overlapped = schedule.Overlapped,
        LastFault = _unreadable ?? schedule.LastFault,
    };

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
