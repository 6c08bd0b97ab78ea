namespace MorningAI.Schedules;

/// <summary>The answer to <see cref="IScheduleGrain.Put"/>. Closed: an unknown subtype is a failure.</summary>
[GenerateSerializer, Immutable, Alias("mai.ScheduleOutcome")]
public abstract record ScheduleOutcome
{
    private protected ScheduleOutcome() { }
}

/// <summary>It is stored, and will fire.</summary>
/// <param name="Created">False where there was one of that name, which it replaces.</param>
[GenerateSerializer, Immutable, Alias("mai.ScheduleOutcome.Stored")]
public sealed record ScheduleStored([property: Id(0)] ScheduleSnapshot Schedule, [property: Id(1)] bool Created) : ScheduleOutcome;

/// <summary>Nothing was stored or changed: the schedule itself is wrong.</summary>
/// <param name="Field">What is wrong: cron, zone, kind, payload, priority, timeout_seconds, misfire or overlap.</param>
/// <param name="Message">Names the field, and says how to mend it.</param>
[GenerateSerializer, Immutable, Alias("mai.ScheduleOutcome.Refused")]
public sealed record ScheduleRefused([property: Id(0)] string Field, [property: Id(1)] string Message) : ScheduleOutcome;
