using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using MorningAI.Client.Cluster;
using MorningAI.Client.Submitting;
using MorningAI.Client.Watching;
using MorningAI.Finding;
using MorningAI.Intake;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>Brings the parts together: writes submissions, hands them to the pump, reads and follows tasks.</summary>
internal sealed class TaskClient(
    KnownGrains grains, SubmissionWriter writer, SubmitPump pump, TaskWatch watch, TaskEvents events, ClusterCalls calls, MorningAIClientOptions options) : ITaskClient
{
    private const int ListPage = 256;
    private static readonly TaskQuery Everything = new();

    public async Task<TaskReceipt> Submit<TPayload>(string kind, TPayload payload, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        var submission = await writer.Write(
            SubmissionWriter.ReadKind(kind), SubmissionWriter.WritePayload(payload), SubmissionWriter.Check(options), cancellationToken).ConfigureAwait(false);
        return await pump.Submit(submission, cancellationToken).ConfigureAwait(false) switch
        {
            TaskAccepted accepted => accepted.Receipt,
            TaskRefused refused => throw new TaskRefusedException(submission.Id, refused.Reason, refused.Message),
            StoreUnavailable unavailable => throw new StoreUnavailableException(unavailable.Message) { RetryAfter = unavailable.RetryAfter },
            SubmitUncertain uncertain => throw new SubmitUncertainException(submission.Id, uncertain.Message),
            var unknown => throw new SubmitUncertainException(submission.Id, $"The outcome {unknown.GetType().Name} is not known to this client."),
        };
    }

    public async Task<IReadOnlyList<SubmitOutcome>> SubmitMany(IEnumerable<TaskRequest> tasks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var submissions = new List<TaskSubmission>();
        foreach (var task in tasks)
            submissions.Add(await writer.Write(task.Kind, Bytes(task.Payload), task.Options, cancellationToken).ConfigureAwait(false));
        return await pump.SubmitMany(submissions, cancellationToken).ConfigureAwait(false);
    }

    public Task<IReadOnlyList<SubmitOutcome>> SubmitMany<TPayload>(
        string kind, IEnumerable<TPayload> payloads, SubmitOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payloads);
        if (options is { Id: not null } or { IdempotencyKey: not null })
            throw new ArgumentException("One id or idempotency key cannot be many tasks': give each its own with TaskRequest.Create.", nameof(options));
        return SubmitMany([.. payloads.Select(payload => TaskRequest.Create(kind, payload, options))], cancellationToken);
    }

    public Task<TaskSnapshot?> Get(TaskId id, CancellationToken cancellationToken = default) =>
        calls.Repeat(_ => grains.Task(id).Get(), options.AttemptTimeout, options.ReadTimeout, cancellationToken);

    public async Task<TPayload> GetPayload<TPayload>(TaskId id, CancellationToken cancellationToken = default) =>
        await calls.Repeat(_ => grains.Task(id).GetPayload(), options.AttemptTimeout, options.ReadTimeout, cancellationToken).ConfigureAwait(false) is { } payload
            ? JsonSerializer.Deserialize<TPayload>(payload, TaskJson.Options)!
            : throw new TaskNotFoundException(id);

    public async Task<TaskSnapshot> Wait(TaskId id, CancellationToken cancellationToken = default)
    {
        TaskSnapshot? last = null;
        await foreach (var snapshot in Watch(id, cancellationToken).ConfigureAwait(false))
            last = snapshot;
        return last!;
    }

    public async Task<TResult> Wait<TResult>(TaskId id, CancellationToken cancellationToken = default)
    {
        var ended = await Wait(id, cancellationToken).ConfigureAwait(false);
        return ended.State switch
        {
            TaskState.Succeeded => JsonSerializer.Deserialize<TResult>(ended.Result ?? "null"u8, TaskJson.Options)!,
            TaskState.Cancelled => throw new TaskCancelledException(ended),
            _ => throw new TaskFailedException(ended),
        };
    }

    public IAsyncEnumerable<TaskSnapshot> Watch(TaskId id, CancellationToken cancellationToken = default) => watch.Follow(id, grains.Task, cancellationToken);

    public IAsyncEnumerable<TaskHappening> Events(TaskId id, EventCursor after = default, CancellationToken cancellationToken = default) =>
        events.Follow(id, after, grains.Task, cancellationToken);

    public Task<CancelOutcome> Cancel(TaskId id, string? reason = null, CancellationToken cancellationToken = default)
    {
        return calls.Repeat(Once, options.AttemptTimeout, options.ReadTimeout, cancellationToken);

        async Task<CancelOutcome> Once(int before)
        {
            var outcome = await grains.Task(id).Cancel(reason).ConfigureAwait(false);
            // An earlier, unanswered call of ours may have been what cancelled it.
            return before > 0 && outcome.Task is { State: TaskState.Cancelled } ? outcome with { Cancelled = true } : outcome;
        }
    }

    public Task<RetryOutcome> Retry(TaskId id, CancellationToken cancellationToken = default) =>
        calls.Repeat(_ => grains.Task(id).Retry(), options.AttemptTimeout, options.ReadTimeout, cancellationToken);

    public Task<DeleteOutcome> Delete(TaskId id, CancellationToken cancellationToken = default) =>
        calls.Repeat(async before => await grains.Task(id).Delete().ConfigureAwait(false) is var outcome && before > 0 && outcome.State is null ? outcome with { Deleted = true } : outcome, options.AttemptTimeout, options.ReadTimeout, cancellationToken);

    public async IAsyncEnumerable<BulkDone> Bulk(BulkAction action, TaskQuery query, bool dryRun = false, string? reason = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        string? after = null;
        do
        {
            var last = after;
            var outcome = await calls.Repeat(_ => grains.Finder().Act(query, action, reason, dryRun, last, ITaskFinderGrain.LongestSlice), options.AttemptTimeout, options.ReadTimeout, cancellationToken).ConfigureAwait(false);
            if (outcome is not BulkDone done)
                throw new InvalidOperationException($"The outcome {outcome.GetType().Name} is not known to this client.");
            yield return done;
            after = done.Next;
        }
        while (after is not null);
    }

    public async IAsyncEnumerable<TaskSummary> List(TaskQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? after = null;
        do
        {
            var last = after;
            var outcome = await calls.Repeat(_ => grains.Finder().Find(query ?? Everything, last, ListPage), options.AttemptTimeout, options.ReadTimeout, cancellationToken).ConfigureAwait(false);
            if (outcome is not TasksFound found)
                throw new InvalidOperationException($"The outcome {outcome.GetType().Name} is not known to this client.");
            foreach (var task in found.Tasks)
                yield return task;
            after = found.Next;
        }
        while (after is not null);
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> payload) =>
        MemoryMarshal.TryGetArray(payload, out var segment) && segment.Offset == 0 && segment.Array is { } array && array.Length == payload.Length
            ? array
            : payload.ToArray();
}
