using Microsoft.Extensions.Logging;
using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Schedules;

/// <summary>
/// One shard of the directory: the names are stored, when to wake whom is in memory. Anew on another silo, it wakes all of
/// them, and they say when they are due next.
/// </summary>
internal sealed partial class ScheduleDirectoryGrain(
    [PersistentState("schedules", DurableStorage.Name)] IPersistentState<ScheduleDirectoryState> state,
    TimeProvider time,
    ILogger<ScheduleDirectoryGrain> logger) : Grain, IScheduleDirectoryGrain, IRemindable
{
    private const string Switch = "dead-mans-switch";

    /// <summary>Wakings under way at a time: with 32 shards, enough to fill the storage's batches of 256 and few enough to be answered in time.</summary>
    private const int MaxUnderWay = 64;

    /// <summary>How often it looks who is due.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Before a schedule that could not be woken is tried again.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>A schedule whose silo hangs must not hold up the others.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Orleans allows no shorter one.</summary>
    private static readonly TimeSpan SwitchPeriod = TimeSpan.FromMinutes(1);

    private readonly ILogger<ScheduleDirectoryGrain> _logger = logger;
    private readonly DueTimes _due = new();
    private int _underWay;
    private bool _switched;

    private HashSet<ScheduleName> Names => state.State.Names;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var name in Names)
            _due.Plan(name, now);
        this.RegisterGrainTimer(_ => Ring(), new GrainTimerCreationOptions(TimeSpan.Zero, Tick) { Interleave = true });
        return Task.CompletedTask;
    }

    public async Task Register(ScheduleName schedule)
    {
        if (Names.Add(schedule))
        {
            try
            {
                await state.WriteStateAsync();
            }
            catch
            {
                Names.Remove(schedule);
                throw;
            }
        }

        _due.Plan(schedule, time.GetUtcNow());
    }

    public Task<ScheduleName[]> List(ScheduleName? after, int take) => Task.FromResult<ScheduleName[]>([.. Names
        .Where(n => after is not { } last || string.CompareOrdinal(n.Value, last.Value) > 0)
        .OrderBy(n => n.Value, StringComparer.Ordinal)
        .Take(take)]);

    public Task Wake() => Task.CompletedTask;

    public async Task Forget(ScheduleName schedule)
    {
        if (!_due.IsParked(schedule) || !Names.Remove(schedule))
            return; // it was made anew meanwhile
        try
        {
            await state.WriteStateAsync();
            _due.Drop(schedule);
        }
        catch
        {
            Names.Add(schedule);
            _due.Plan(schedule, time.GetUtcNow() + SwitchPeriod);
            throw;
        }
    }

    /// <remarks>To be awake is all that is asked for.</remarks>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private Task Ring()
    {
        if (!_switched && Names.Count > 0)
            Observe(SetSwitch());
        while (_underWay < MaxUnderWay && _due.TryTake(time.GetUtcNow(), out var schedule))
            Observe(WakeUp(schedule));
        return Task.CompletedTask;
    }

    private async Task WakeUp(ScheduleName schedule)
    {
        _underWay++;
        ScheduleWake? answer = null;
        try
        {
            answer = await GrainFactory.GetSchedule(schedule).Wake().WaitAsync(Patience, time);
        }
        catch (Exception e)
        {
            LogNotWoken(schedule, e.Message);
        }

        _underWay--;
        // A silo whose clock is behind may say that it is not due yet.
        var soonest = time.GetUtcNow() + Tick;
        var next = answer is null ? time.GetUtcNow() + Again : answer.Value.NextDue is { } due && due < soonest ? soonest : answer.Value.NextDue;
        if (_due.Settle(schedule, next) && answer is { Exists: false })
            await this.AsReference<IScheduleDirectoryGrain>().Forget(schedule); // a turn of its own: no two writes at a time
        await Ring();
    }

    private async Task SetSwitch()
    {
        _switched = true;
        try
        {
            await this.RegisterOrUpdateReminder(Switch, SwitchPeriod, SwitchPeriod);
        }
        catch (Exception)
        {
            _switched = false;
            throw;
        }
    }

    private async void Observe(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception e)
        {
            LogFailed(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule} did not wake ({Reason}); it is called again")]
    private partial void LogNotWoken(ScheduleName schedule, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The directory of schedules goes on without what it tried: {Reason}")]
    private partial void LogFailed(string reason);
}
