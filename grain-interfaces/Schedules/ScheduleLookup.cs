namespace MorningAI.Schedules;

/// <summary>Where schedules are, over all shards of their directory.</summary>
public static class ScheduleLookup
{
    /// <summary>The shard that a schedule belongs to: FNV-1a of its name, the same on every machine for all time.</summary>
    public static long ShardOf(ScheduleName schedule)
    {
        var hash = 2166136261;
        foreach (var c in schedule.Value)
            hash = unchecked((hash ^ c) * 16777619);
        return hash % IScheduleDirectoryGrain.Shards;
    }

    /// <summary>A page in alphabetical order. Stable: what is added or removed meanwhile moves no other one to another page.</summary>
    /// <param name="after">Only those behind it; null for the first.</param>
    /// <param name="take">At most so many names; ones that are just being removed are left out.</param>
    /// <returns>The schedules, and the name to ask for the next page with; null where this was the last.</returns>
    public static async Task<(IReadOnlyList<ScheduleSnapshot> Schedules, ScheduleName? Next)> ListSchedules(this IGrainFactory grains, ScheduleName? after, int take)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, IScheduleDirectoryGrain.Shards).Select(s => grains.GetScheduleDirectory(s).List(after, take + 1)));
        var names = shards.SelectMany(n => n).OrderBy(n => n.Value, StringComparer.Ordinal).Take(take + 1).ToArray();
        var page = await Task.WhenAll(names.Take(take).Select(n => grains.GetSchedule(n).Get()));
        return ([.. page.OfType<ScheduleSnapshot>()], names.Length > take ? names[take - 1] : null);
    }
}
