namespace MorningAI.Schedules;

/// <summary>What is to be fired of what came due. Pure.</summary>
internal static class ScheduleRules
{
    /// <summary>What is later than this was missed, and is the misfire policy's. A silo's death is over by then.</summary>
    public static readonly TimeSpan MisfireAfter = TimeSpan.FromMinutes(1);

    /// <summary>Of what was missed, the most that <see cref="MisfirePolicy.All"/> fires: the last ones.</summary>
    public const int MostMisfires = 100;

    /// <param name="settled">Due times up to here are done with.</param>
    /// <returns>Null where nothing came due since.</returns>
    public static DuePlan? Decide(CronTimes times, MisfirePolicy misfire, OverlapPolicy overlap, DateTimeOffset settled, DateTimeOffset now)
    {
        List<DateTimeOffset> fire = [];
        DateTimeOffset? latest = null;
        var missed = 0;
        foreach (var due in times.Backwards(settled, now))
        {
            latest ??= due;
            if (now - due > MisfireAfter && !IsMadeUpFor(misfire, missed++, fire.Count))
                break;
            fire.Add(due);
            if (overlap == OverlapPolicy.Skip)
                break; // the ones before it would run beside it
        }

        fire.Reverse();
        return latest is null ? null : new DuePlan(fire, latest.Value);
    }

    /// <param name="missed">How many later ones were missed.</param>
    /// <param name="fired">How many later ones are fired.</param>
    private static bool IsMadeUpFor(MisfirePolicy policy, int missed, int fired) => policy switch
    {
        MisfirePolicy.All => missed < MostMisfires,
        MisfirePolicy.Once => fired == 0,
        _ => false,
    };
}

/// <param name="Fire">Due times to be fired, in order.</param>
/// <param name="Settled">The last due time that is decided on, fired or not.</param>
internal sealed record DuePlan(IReadOnlyList<DateTimeOffset> Fire, DateTimeOffset Settled);
