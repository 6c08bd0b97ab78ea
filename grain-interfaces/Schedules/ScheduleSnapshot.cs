using MorningAI.Tasks;

namespace MorningAI.Schedules;

/// <summary>All that may be known of a schedule at one moment.</summary>
[GenerateSerializer, Immutable, Alias("mai.ScheduleSnapshot")]
public sealed record ScheduleSnapshot
{
    [Id(0)] public required ScheduleName Name { get; init; }

    /// <summary>Its queue is filled in.</summary>
    [Id(1)] public required ScheduleSpec Spec { get; init; }

    [Id(2)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null unless paused.</summary>
    [Id(3)] public SchedulePause? Paused { get; init; }

    /// <summary>Null where it is paused, or never comes due again.</summary>
    [Id(4)] public DateTimeOffset? NextDue { get; init; }

    /// <summary>The last due time that was fired.</summary>
    [Id(5)] public DateTimeOffset? LastDue { get; init; }

    /// <summary>The task of the last firing, by the clock or by hand.</summary>
    [Id(6)] public TaskId? LastTask { get; init; }

    /// <summary>Due times that were fired, one task each.</summary>
    [Id(7)] public long Fired { get; init; }

    /// <summary>Due times that were passed over because the task before had not ended.</summary>
    [Id(8)] public long Overlapped { get; init; }

    /// <summary>Why the last firing made no task; null where it made one.</summary>
    [Id(9)] public string? LastFault { get; init; }
}
