using System.Globalization;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Schedules;

/// <summary>The task of a firing.</summary>
internal static class Firing
{
    /// <summary>
    /// The same for one schedule and due time, whoever fires it and how often: so it is one task. It is no idempotency key,
    /// which in an outage would be held until it can be checked.
    /// </summary>
    public static TaskId IdOf(ScheduleName schedule, QueueName queue, int partitions, DateTimeOffset due) =>
        TaskId.ForKey(queue, partitions, string.Create(CultureInfo.InvariantCulture, $"schedule\n{schedule}\n{due.UtcDateTime:O}"));

    /// <summary>Of a firing by hand.</summary>
    public static TaskId IdOf(QueueName queue, int partitions, Guid unique) =>
        new(new PartitionId(queue, (int)(BitConverter.ToUInt32(unique.ToByteArray(), 12) % (uint)partitions)), unique);

    public static TaskSubmission Submission(ScheduleSpec spec, TaskId id, TraceId trace) => new()
    {
        Id = id,
        Kind = spec.Kind,
        Payload = spec.Payload,
        Priority = spec.Priority,
        TraceId = trace,
        Timeout = spec.Timeout,
    };
}
