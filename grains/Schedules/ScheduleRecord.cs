using MorningAI.Tasks;

namespace MorningAI.Schedules;

/// <summary>A schedule as it is stored. Immutable. Ids are only ever appended.</summary>
[GenerateSerializer, Immutable, Alias("mai.ScheduleRecord")]
public sealed record ScheduleRecord
{
    [Id(0)] public required ScheduleSpec Spec { get; init; }
    [Id(1)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Due times up to here are done with: fired, passed over, or before its time.</summary>
    [Id(2)] public required DateTimeOffset Settled { get; init; }

    [Id(3)] public SchedulePause? Paused { get; init; }
    [Id(4)] public DateTimeOffset? LastDue { get; init; }
    [Id(5)] public TaskId? LastTask { get; init; }
    [Id(6)] public long Fired { get; init; }
    [Id(7)] public long Overlapped { get; init; }
    [Id(8)] public string? LastFault { get; init; }
}

/// <summary>What is kept under a schedule's name. A removed one stays as an empty record: a store that lost the removal must not bring the schedule back.</summary>
[GenerateSerializer, Alias("mai.ScheduleState")]
public sealed class ScheduleState
{
    [Id(0)] public ScheduleRecord? Schedule { get; set; }
}

/// <summary>The names that a shard of the directory knows.</summary>
[GenerateSerializer, Alias("mai.ScheduleDirectoryState")]
public sealed class ScheduleDirectoryState
{
    [Id(0)] public HashSet<ScheduleName> Names { get; set; } = [];
}
