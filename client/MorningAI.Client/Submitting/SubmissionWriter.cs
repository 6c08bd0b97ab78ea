using System.Diagnostics;
using System.Text.Json;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Client.Submitting;

/// <summary>Turns what a caller says into what a silo is told, ids included.</summary>
internal sealed class SubmissionWriter(QueuePartitions partitions, TimeProvider time)
{
    private const int LongestKey = 256;
    private static readonly SubmitOptions Defaults = new();
    private int _turn = Random.Shared.Next();

    public static TaskKind ReadKind(string kind) => TaskKind.TryParse(kind, out var parsed)
        ? parsed
        : throw new ArgumentException("Not a task kind: use 1 to 64 characters of a-z, 0-9, '_', '-' and '.'.", nameof(kind));

    public static byte[] WritePayload<TPayload>(TPayload payload)
    {
        if (payload is null)
            throw new ArgumentNullException(nameof(payload), "A payload must not be null; send an empty object where there is nothing to say.");
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(payload, TaskJson.Options);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new ArgumentException($"The payload cannot be written as JSON: {e.Message}", nameof(payload), e);
        }
    }

    public static SubmitOptions Check(SubmitOptions? options)
    {
        if (options is null)
            return Defaults;
        if (options.Id is not null && (options.Queue is not null || options.IdempotencyKey is not null))
            throw new ArgumentException("An id names its queue already: set either Id, or Queue and IdempotencyKey.", nameof(options));
        if (options.IdempotencyKey is { Length: 0 or > LongestKey })
            throw new ArgumentException($"An idempotency key has 1 to {LongestKey} characters; this one has {options.IdempotencyKey.Length}.", nameof(options));
        if (options.Timeout is { } timeout && timeout <= TimeSpan.Zero)
            throw new ArgumentException($"The timeout of an attempt must be above zero; it is {timeout}.", nameof(options));
        if (options is { Delay: not null, DueAt: not null })
            throw new ArgumentException("A task has a Delay or a DueAt, not both.", nameof(options));
        if (options.Delay < TimeSpan.Zero)
            throw new ArgumentException($"A Delay must not be negative; it is {options.Delay}.", nameof(options));
        if (options.Tags is null || options.Tags.Count > TaskSubmission.MaxTags || options.Tags.Any(t => t is null or { Length: 0 or > TaskSubmission.MaxTagLength }))
            throw new ArgumentException($"A task has at most {TaskSubmission.MaxTags} tags, each of 1 to {TaskSubmission.MaxTagLength} characters.", nameof(options));
        CheckKey(options.OrderKey, nameof(options.OrderKey));
        CheckKey(options.LimitKey, nameof(options.LimitKey));
        CheckKey(options.UniqueKey, nameof(options.UniqueKey));
        if (options.Retry?.Fault() is { } fault)
            throw new ArgumentException($"The retry policy is wrong: {fault}.", nameof(options));
        if (options.Queue is { Value: null })
            throw new ArgumentException("The queue has no name: use QueueName.Parse, or leave it null.", nameof(options));
        return options;
    }

    /// <param name="kind">Checked before.</param>
    /// <param name="payload">Written before; not changed any more.</param>
    /// <param name="options">Checked before.</param>
    /// <param name="cancellationToken">Ends the waiting for the queue's number of partitions, which is asked for once a queue.</param>
    public ValueTask<TaskSubmission> Write(TaskKind kind, byte[] payload, SubmitOptions options, CancellationToken cancellationToken)
    {
        if (options.Id is { } id)
            return new(Write(id, kind, payload, options, isNew: false));
        var queue = options.Queue ?? QueueName.Default;
        return partitions.TryGet(queue, out var count)
            ? new(Made(count))
            : Asked();

        async ValueTask<TaskSubmission> Asked()
        {
            var known = await partitions.Ask(queue, cancellationToken).ConfigureAwait(false);
            return Made(known);
        }

        TaskSubmission Made(int partitions) => Write(MakeId(queue, partitions, options.IdempotencyKey), kind, payload, options, isNew: options.IdempotencyKey is null);
    }

    private TaskId MakeId(QueueName queue, int count, string? key) => key is null
        ? TaskId.New(new PartitionId(queue, (int)((uint)Interlocked.Increment(ref _turn) % (uint)count)), time.GetUtcNow())
        : TaskId.ForKey(queue, count, key);

    private static TaskSubmission Write(TaskId id, TaskKind kind, byte[] payload, SubmitOptions options, bool isNew)
    {
        var trace = options.TraceId ?? TraceId.CurrentOrNew();
        return new TaskSubmission
        {
            Id = id,
            Kind = kind,
            Payload = payload,
            Priority = options.Priority,
            TraceId = trace,
            ParentSpan = ParentSpan(trace, options.TraceId is not null),
            Timeout = options.Timeout,
            IdempotencyKey = options.IdempotencyKey,
            Delay = options.Delay,
            DueAt = options.DueAt,
            Deadline = options.Deadline,
            Retry = options.Retry,
            Keys = Keys(options),
            Tags = options.Tags.Count > 0 ? [.. options.Tags] : null,
            IsNew = isNew,
        };
    }

    private static TaskKeys? Keys(SubmitOptions options) => options is { OrderKey: null, LimitKey: null, UniqueKey: null }
        ? null
        : new TaskKeys { Order = options.OrderKey, Limit = options.LimitKey, Unique = options.UniqueKey, UniqueUntil = options.UniqueUntil };

    private static void CheckKey(string? key, string option)
    {
        if (key is { Length: 0 or > LongestKey })
            throw new ArgumentException($"{option} has 1 to {LongestKey} characters; this one has {key.Length}.", "options");
    }

    // A span belongs to its own trace; under another trace id it would be a parent that nobody finds.
    private static string? ParentSpan(TraceId trace, bool chosen) =>
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } current && (!chosen || trace == TraceId.CurrentOrNew())
            ? current.SpanId.ToHexString()
            : null;
}
