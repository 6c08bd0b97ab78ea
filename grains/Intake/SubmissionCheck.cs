using System.Globalization;
using Microsoft.Extensions.Options;
using MorningAI.Handlers;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Intake;

/// <summary>Whether a submission can become a task. Says what is wrong and how to mend it; touches nothing.</summary>
public sealed class SubmissionCheck(HandlerRegistry handlers, IOptions<IntakeOptions> options, IOptions<QueueOptions> queues, TimeProvider time)
{
    /// <summary>Ten years: what is later is a slip.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(3650);

    /// <returns>Null where it is good.</returns>
    public TaskRefused? Check(TaskSubmission submission)
    {
        var limits = options.Value;
        // Ids that come over the wire did not pass their parser, and a grain's key must.
        if (!PartitionId.TryParse(submission.Id.Partition.ToString(), out _))
            return Invalid("The id does not name a queue partition: expected queue.partition.unique. Make ids with TaskId.New, TaskId.ForKey or TaskId.Parse.");
        if (!handlers.TryGet(submission.Kind, out var handler))
            return new TaskRefused(RefusalReason.UnknownKind, $"No handler is registered for the kind '{submission.Kind}'. Known: {string.Join(", ", handlers.Kinds)}.");
        if (submission.Payload.Length > limits.MaxPayloadBytes)
            return new TaskRefused(RefusalReason.PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"The payload has {submission.Payload.Length} bytes; at most {limits.MaxPayloadBytes} are taken. Put what is large elsewhere and send where it is."));
        if (!Enum.IsDefined(submission.Priority))
            return Invalid($"{(byte)submission.Priority} is not a priority: use P0, P1, P2 or P3.");
        if (submission.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > limits.MaxTimeout))
            return Invalid(string.Create(CultureInfo.InvariantCulture, $"A timeout of {timeout.TotalSeconds} s is out of range: above 0 and at most {limits.MaxTimeout.TotalSeconds} s."));
        if (submission.IdempotencyKey is { } key && (key.Length == 0 || key.Length > limits.MaxKeyLength))
            return Invalid(string.Create(CultureInfo.InvariantCulture, $"An idempotency key of {key.Length} characters is out of range: 1 to {limits.MaxKeyLength}."));
        if (submission.Tags is { } tags && (tags.Length > TaskSubmission.MaxTags || tags.Any(t => t is null or { Length: 0 or > TaskSubmission.MaxTagLength } || t.Any(char.IsControl))))
            return Invalid($"tags: at most {TaskSubmission.MaxTags}, each of 1 to {TaskSubmission.MaxTagLength} characters, none of them a control character.");
        if (CheckKey("order_key", submission.Keys?.Order) is { } order)
            return order;
        if (CheckKey("limit_key", submission.Keys?.Limit) is { } limit)
            return limit;
        if (CheckKey("unique_key", submission.Keys?.Unique) is { } unique)
            return unique;
        if (submission.Keys is { } keys && !Enum.IsDefined(keys.UniqueUntil))
            return Invalid($"{(byte)keys.UniqueUntil} is not a unique_until: use done or started.");
        if (submission.ParentSpan is { } span && (span.Length != 16 || !span.All(char.IsAsciiHexDigitLower)))
            return Invalid("The parent span must be 16 lower-case hex digits.");
        if (CheckTimes(submission) is { } wrong)
            return Invalid(wrong);
        if (submission.Retry?.Fault() is { } policy)
            return Invalid($"{policy}.");
        var partitions = queues.Value.PartitionsOf(submission.Id.Queue);
        if (submission.Id.Partition.Number >= partitions)
            return Invalid(string.Create(CultureInfo.InvariantCulture, $"The queue '{submission.Id.Queue}' has {partitions} partitions; the id names number {submission.Id.Partition.Number}. Do client and silos agree on the configuration?"));
        return CheckPayload(handler, submission.Payload) is { } fault
            ? new TaskRefused(RefusalReason.UnreadablePayload, $"The payload of kind '{submission.Kind}' cannot be used: {fault}.")
            : null;
    }

    /// <summary>An operator lets nothing more into the queue.</summary>
    internal static TaskRefused Draining(QueueName queue, QueueDecision draining) => new(
        RefusalReason.QueueDraining,
        $"The queue '{queue}' takes nothing new: {(draining.By is { } by ? $"{by} has drained it" : "it has been drained")} since {draining.At:u}{(draining.Reason is { } reason ? $" ({reason})" : "")}. Submit to another queue, or again once it is resumed.");

    private TaskRefused? CheckKey(string field, string? key) => key is { } text && (text.Length == 0 || text.Length > options.Value.MaxKeyLength || text.Any(char.IsControl))
        ? Invalid(string.Create(CultureInfo.InvariantCulture, $"{field} must have 1 to {options.Value.MaxKeyLength} characters, none of them a control character; it has {text.Length}."))
        : null;

    private string? CheckTimes(TaskSubmission submission)
    {
        if (submission is { Delay: null, DueAt: null, Deadline: null })
            return null;
        var now = time.GetUtcNow();
        if (submission is { Delay: not null, DueAt: not null })
            return "A task has a delay_seconds or a due_at, not both.";
        if (submission.Delay is { } delay && (delay < TimeSpan.Zero || delay > LongestWait))
            return string.Create(CultureInfo.InvariantCulture, $"delay_seconds must be 0 to {LongestWait.TotalSeconds}; it is {delay.TotalSeconds}.");
        var due = submission.DueAt ?? now + (submission.Delay ?? TimeSpan.Zero);
        if (due > now + LongestWait)
            return $"due_at must be within {LongestWait.TotalDays} days from now; it is {due:u}.";
        if (submission.Deadline is { } deadline && (deadline <= now || deadline <= due))
            return $"The deadline, {deadline:u}, must lie after now and after the time at which the task may begin.";
        return null;
    }

    private static string? CheckPayload(HandlerDescriptor handler, byte[] payload)
    {
        try
        {
            return handler.Check(payload);
        }
        catch (Exception e)
        {
            return $"its check failed: {e.Message}"; // the handler's own code, which may do anything
        }
    }

    private static TaskRefused Invalid(string message) => new(RefusalReason.InvalidField, message);
}
