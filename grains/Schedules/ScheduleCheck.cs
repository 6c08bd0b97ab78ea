using Microsoft.Extensions.Options;
using MorningAI.Handlers;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Schedules;

/// <summary>Whether a schedule can come due, and its task can run. Names the field that is wrong and says how to mend it; touches nothing.</summary>
internal sealed class ScheduleCheck(HandlerRegistry handlers, SubmissionCheck submissions, TimeProvider time)
{
    /// <param name="whole">The same with what was left open filled in.</param>
    /// <returns>Null where it is good.</returns>
    public ScheduleRefused? Check(ScheduleSpec spec, out ScheduleSpec whole)
    {
        whole = spec;
        if (!TimeZones.TryFind(spec.Zone, out var zone, out var fault))
            return Refused("zone", fault);
        if (!CronTimes.TryRead(spec.Cron, zone, out var times, out fault))
            return Refused("cron", fault);
        if (times.Next(time.GetUtcNow()) is null)
            return Refused("cron", "it never comes due: is there such a day?");
        if (!Enum.IsDefined(spec.Misfire))
            return Refused("misfire", "use once, all or skip");
        if (!Enum.IsDefined(spec.Overlap))
            return Refused("overlap", "use allow or skip");
        if (!Enum.IsDefined(spec.Priority))
            return Refused("priority", "use P0, P1, P2 or P3");
        if (spec.Queue is { } named && !QueueName.TryParse(named.Value, out _))
            return Refused("queue", "use 1 to 64 characters of a-z, 0-9, '_' and '-', starting with a letter or digit");
        var queue = spec.Queue ?? (handlers.TryGet(spec.Kind, out var handler) ? handler.Options.Queue : QueueName.Default);
        whole = spec with { Queue = queue };
        return submissions.Check(Firing.Submission(whole, new TaskId(new PartitionId(queue, 0), Guid.Empty), default)) is { } refused
            ? Refused(FieldOf(refused.Reason), refused.Message)
            : null;
    }

    /// <summary>What else may be out of its range in a submission was looked at above.</summary>
    private static string FieldOf(RefusalReason reason) => reason switch
    {
        RefusalReason.UnknownKind => "kind",
        RefusalReason.InvalidField => "timeout_seconds",
        _ => "payload",
    };

    private static ScheduleRefused Refused(string field, string fault) => new(field, $"{field}: {fault.TrimEnd('.')}.");
}
