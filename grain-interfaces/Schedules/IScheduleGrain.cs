using MorningAI.Intake;
using Orleans.Concurrency;

namespace MorningAI.Schedules;

/// <summary>One schedule: submits a task each due time. Key: the <see cref="ScheduleName"/>.</summary>
/// <remarks>
/// What changes it is durable when it returns. Every call throws <see cref="StoreUnavailableException"/> where what is
/// stored cannot be read or written now.
/// </remarks>
[Alias("mai.IScheduleGrain")]
public interface IScheduleGrain : IGrainWithStringKey
{
    /// <summary>Makes it, or changes it. What was due before is fired by the old terms, what comes due from now on by the new ones; a paused one stays paused.</summary>
    [Alias("Put")]
    Task<ScheduleOutcome> Put(ScheduleSpec spec);

    /// <returns>Null where there is no schedule of that name.</returns>
    [Alias("Get"), AlwaysInterleave]
    Task<ScheduleSnapshot?> Get();

    /// <summary>It does not come due until it is resumed. One that is paused already stays as it is.</summary>
    /// <param name="by">Who asks, for people; at most 100 characters.</param>
    /// <returns>Null where there is no schedule of that name.</returns>
    [Alias("Pause")]
    Task<ScheduleSnapshot?> Pause(string? by);

    /// <summary>It comes due again, from now on: what the pause covered was not missed, and is not made up for.</summary>
    /// <returns>Null where there is no schedule of that name.</returns>
    [Alias("Resume")]
    Task<ScheduleSnapshot?> Resume();

    /// <summary>Fires once by hand, now, also while it is paused and whatever its overlap policy.</summary>
    /// <param name="unique">The caller's own for the task: repeating the call with it is harmless.</param>
    /// <returns>Null where there is no schedule of that name.</returns>
    [Alias("Trigger")]
    Task<SubmitOutcome?> Trigger(Guid unique);

    /// <returns>False where there was none.</returns>
    [Alias("Remove")]
    Task<bool> Remove();

    /// <summary>The directory says that it may be due. Fires what is.</summary>
    [Alias("Wake")]
    Task<ScheduleWake> Wake();
}
