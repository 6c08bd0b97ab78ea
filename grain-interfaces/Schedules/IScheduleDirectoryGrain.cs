namespace MorningAI.Schedules;

/// <summary>Which schedules exist, and their alarm clock: one shard of it. Key: the shard's number.</summary>
[Alias("mai.IScheduleDirectoryGrain")]
public interface IScheduleDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>How many shards there are. Stored names are found by it: it never changes.</summary>
    const int Shards = 32;

    /// <summary>The name is known for good when it returns; its schedule is woken at once, and says when to wake it again.</summary>
    [Alias("Register")]
    Task Register(ScheduleName schedule);

    /// <summary>Names of this shard in alphabetical order.</summary>
    /// <param name="after">Only those behind it; null for the first.</param>
    [Alias("List")]
    Task<ScheduleName[]> List(ScheduleName? after, int take);

    /// <summary>Its own call: the schedule does not exist. One that was registered since then stays.</summary>
    [Alias("Forget")]
    Task Forget(ScheduleName schedule);

    /// <summary>Every silo calls it now and then, so that after any death some silo has it alive.</summary>
    [Alias("Wake")]
    Task Wake();
}
