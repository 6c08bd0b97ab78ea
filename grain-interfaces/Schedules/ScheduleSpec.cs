using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Schedules;

/// <summary>A schedule to be: when, and what task each firing submits.</summary>
[GenerateSerializer, Immutable, Alias("mai.ScheduleSpec")]
public sealed record ScheduleSpec
{
    /// <summary>The zone of a schedule that names none.</summary>
    public const string Utc = "UTC";

    /// <summary>Five fields (minute, hour, day, month, weekday), six with seconds before them, or a macro such as <c>@hourly</c>.</summary>
    [Id(0)] public required string Cron { get; init; }

    /// <summary>The IANA name of the time zone that <see cref="Cron"/> is read in.</summary>
    [Id(1)] public string Zone { get; init; } = Utc;

    [Id(2)] public required TaskKind Kind { get; init; }

    /// <summary>UTF-8 JSON, at most the silo's limit (1 MiB by default).</summary>
    [Id(3)] public required byte[] Payload { get; init; }

    /// <summary>Null for the kind's own.</summary>
    [Id(4)] public QueueName? Queue { get; init; }

    [Id(5)] public TaskPriority Priority { get; init; } = TaskPriority.P2;

    /// <summary>The limit for one attempt; null for the handler's own.</summary>
    [Id(6)] public TimeSpan? Timeout { get; init; }

    [Id(7)] public MisfirePolicy Misfire { get; init; }
    [Id(8)] public OverlapPolicy Overlap { get; init; }
}
