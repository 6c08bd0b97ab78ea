namespace MorningAI.Schedules;

/// <summary>Why a schedule does not fire.</summary>
/// <param name="By">Who asked for it; null where nobody said.</param>
[GenerateSerializer, Immutable, Alias("mai.SchedulePause")]
public sealed record SchedulePause([property: Id(0)] DateTimeOffset At, [property: Id(1)] string? By)
{
    /// <summary>The most characters of <see cref="By"/>.</summary>
    public const int MaxBy = 100;
}
