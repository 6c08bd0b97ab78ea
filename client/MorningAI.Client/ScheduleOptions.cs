using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>What may be said of a schedule beside its times and its task.</summary>
public sealed record ScheduleOptions
{
    /// <summary>The IANA name of the zone that the times are read in. Default: UTC.</summary>
    public string Zone { get; init; } = ScheduleSpec.Utc;

    /// <summary>Where its tasks go. Default: null, the kind's own.</summary>
    public QueueName? Queue { get; init; }

    /// <summary>Of its tasks. Default: P2.</summary>
    public TaskPriority Priority { get; init; } = TaskPriority.P2;

    /// <summary>The limit for one attempt. Default: null, the handler's own.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What becomes of due times that nobody could fire in time. Default: one firing for all of them.</summary>
    public MisfirePolicy Misfire { get; init; }

    /// <summary>Whether it fires while the task before has not ended. Default: it does.</summary>
    public OverlapPolicy Overlap { get; init; }
}
