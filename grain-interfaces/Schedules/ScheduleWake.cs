namespace MorningAI.Schedules;

/// <summary>The answer to <see cref="IScheduleGrain.Wake"/>.</summary>
/// <param name="Exists">False where there is no schedule of that name (any more).</param>
/// <param name="NextDue">When to wake it again; null where it is paused, or never comes due again.</param>
[GenerateSerializer, Immutable, Alias("mai.ScheduleWake")]
public readonly record struct ScheduleWake([property: Id(0)] bool Exists, [property: Id(1)] DateTimeOffset? NextDue);
