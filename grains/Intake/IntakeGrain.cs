using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Telemetry;
using Orleans.Concurrency;
using Orleans.Serialization;

namespace MorningAI.Intake;

/// <summary>Check, store, enqueue, acknowledge. A batch's records are written together; one bad submission does not touch the others.</summary>
[StatelessWorker, Reentrant]
internal sealed partial class IntakeGrain(
    IDurableRecords records,
    SubmissionCheck check,
    KnownPartitions partitions,
    EnqueueRetry queues,
    StoreHealth health,
    AbsentJournals absent,
    QueueControls controls,
    FreshTasks fresh,
    PartitionsHere partitionsHere,
    SubmitClock clock,
    TaskMetrics metrics,
    TimeProvider time,
    Serializer<TaskRecord> serializer,
    IOptions<QueueOptions> options,
    ILogger<IntakeGrain> logger) : Grain, IIntakeGrain
{
    private readonly ILogger<IntakeGrain> _logger = logger;
    private readonly ulong _writer = (ulong)Random.Shared.NextInt64();

    public Task<int> CountPartitions(QueueName queue) => Task.FromResult(options.Value.PartitionsOf(queue));

    public async Task<SubmitOutcome[]> Submit(TaskSubmission[] submissions)
    {
        var drafts = new Draft[submissions.Length];
        for (var i = 0; i < drafts.Length; i++)
            drafts[i] = await Prepare(submissions[i]);
        Draft[] good = [.. drafts.Where(static d => d.Write is not null)];
        var writing = records.WriteAll(Array.ConvertAll(good, static d => d.Write!));
        if (good is [var only] && MayBegin(only) && !writing.IsCompleted && partitionsHere.TryGet(only.Submission.Id.Partition, out var partition))
            await TryBegin(only, writing, partition);
        var answers = await writing;
        for (var i = 0; i < good.Length; i++)
            await Conclude(good[i], answers[i]);
        await EnqueueAll(good);
        metrics.OnSubmitted("accepted", drafts.Count(static d => d.Outcome is TaskAccepted));
        metrics.OnSubmitted("refused", drafts.Count(static d => d.Outcome is TaskRefused));
        metrics.OnSubmitted("unavailable", drafts.Count(static d => d.Outcome is StoreUnavailable or SubmitUncertain));
        return Array.ConvertAll(drafts, static d => d.Outcome!);
    }

    private async ValueTask<Draft> Prepare(TaskSubmission submission)
    {
        var draft = new Draft(submission, time.GetTimestamp());
        if (check.Check(submission) is { } refused)
        {
            draft.Outcome = refused;
            return draft;
        }

        if (submission.Keys is { Unique: not null } or { Order: not null, Follows: null })
        {
            draft.Outcome = await SubmitKeyed(submission);
            return draft;
        }

        try
        {
            // Where the task is there already, a refusal would be a lie.
            if (controls.Of(submission.Id.Queue)?.Draining is { } draining && await records.Read(RecordKey.Of(submission.Id)) is null)
            {
                draft.Outcome = SubmissionCheck.Draining(submission.Id.Queue, draining);
                return draft;
            }

            await partitions.Ensure(submission.Id.Partition);
            // A key that cannot be checked now may be an earlier task's: the task is held until the store says so.
            var blockedBy = submission.IdempotencyKey is not null && !health.IsWorthTrying ? TaskRules.UnverifiedKey : null;
            var task = draft.Task = TaskRules.Create(submission, clock.Next(), blockedBy);
            draft.Write = new RecordWrite
            {
                Key = RecordKey.Of(submission.Id),
                Version = 1,
                Base = 0,
                Writer = _writer,
                Body = serializer.SerializeToArray(task),
                Index = task.Index,
            };
        }
        catch (Exception e)
        {
            NotStored(draft, e);
        }

        return draft;
    }

    /// <summary>
    /// One that nobody else can know of: where its queue is beside, its handler need not wait for the store, only its receipt does.
    /// From then on a fault cannot mean that it never runs.
    /// </summary>
    private bool MayBegin(Draft draft) =>
        draft is { Submission: { IsNew: true, IdempotencyKey: null, Keys: null }, Task.State: TaskState.Queued }
        && health.State == StoreState.Healthy && !absent.Any && !queues.IsOutOfReach(draft.Submission.Id.Partition);

    private async Task TryBegin(Draft draft, Task storing, IPartitionHere partition)
    {
        var (id, task) = (draft.Submission.Id, draft.Task!);
        fresh.Put(id, new FreshTask(task, Task.WhenAny(storing)), draft.Since);
        draft.MayHaveBegun = true;
        try
        {
            draft.IsBegun = draft.MayHaveBegun = await partition.TryBegin(new QueueEntry(id.Unique, task.Rank)).WaitAsync(EnqueueRetry.Patience, time);
        }
        catch (Exception e)
        {
            LogNotBegun(id, e.Message); // it is told of once it is stored
        }
    }

    /// <summary>One after another with those of its key, which the key's grain sees to; it comes back here.</summary>
    private async Task<SubmitOutcome> SubmitKeyed(TaskSubmission submission)
    {
        var (queue, keys) = (submission.Id.Queue, submission.Keys!);
        try
        {
            return keys.Unique is { } unique
                ? await GrainFactory.GetUniqueIntake(queue, unique).SubmitUnique(submission)
                : await GrainFactory.GetOrderedIntake(queue, keys.Order!).SubmitInOrder(submission);
        }
        catch (Exception e)
        {
            LogNotStored(e, submission.Id);
            return new SubmitUncertain(submission.Id, "What looks after its key did not answer.");
        }
    }

    private async ValueTask Conclude(Draft draft, WriteAnswer answer)
    {
        var submission = draft.Submission;
        if (answer.Failure is not null)
        {
            NotStored(draft, answer.Failure);
            return;
        }

        try
        {
            var written = answer.Outcome;
            var created = written.Result == WriteResult.Stored;
            if (!created && await Existing(submission.Id, written) is { } existing)
                draft.Task = existing;
            var task = draft.Task!;
            // The store broke off before it could check the key, and the queue learns of the task once it has taken it; or a silo
            // that has not put back all that it has may know the key.
            var isUnchecked = created && submission.IdempotencyKey is not null && (written.Durability == Durability.Journal || absent.Any);
            draft.Outcome = new TaskAccepted(new TaskReceipt(submission.Id, task.TraceId, isUnchecked ? TaskState.Blocked : task.State, written.Durability, created));
            if (task.State is not (TaskState.Queued or TaskState.Scheduled))
                return;
            var entry = new QueueEntry(submission.Id.Unique, task.Rank) { IsLater = task.State == TaskState.Scheduled };
            if (!isUnchecked)
            {
                if (draft.IsBegun && created)
                    return;
                draft.Enqueue = entry;
                if (created && written.Durability == Durability.Redis && !draft.MayHaveBegun)
                    fresh.Put(submission.Id, new FreshTask(task, Task.CompletedTask), draft.Since);
            }
            else if (written.Durability == Durability.Redis)
            {
                queues.EnqueueAfter(absent.WhenNone(), submission.Id.Partition, [entry]);
            }
        }
        catch (Exception e)
        {
            NotStored(draft, e);
        }
    }

    private void NotStored(Draft draft, Exception failure)
    {
        var id = draft.Submission.Id;
        switch (failure)
        {
            case StoreUnavailableException e when e.MayHaveLanded || draft.MayHaveBegun:
                draft.Outcome = new SubmitUncertain(id, e.Message);
                break;
            case StoreUnavailableException e:
                draft.Outcome = new StoreUnavailable(e.Message, e.RetryAfter);
                break;
            case not StoreUnavailableException when draft.MayHaveBegun:
                LogNotStored(failure, id);
                draft.Outcome = new SubmitUncertain(id, "A part of the cluster does not answer now.");
                break;
            default:
                // The queue directory did not answer, or what is stored under the id cannot be read. One submission's trouble is not the batch's.
                LogNotStored(failure, id);
                draft.Outcome = new StoreUnavailable("A part of the cluster does not answer now. Try again.", TimeSpan.FromSeconds(1));
                break;
        }
    }

    private Task EnqueueAll(Draft[] drafts) =>
        Task.WhenAll(drafts
            .Where(static d => d.Enqueue is not null)
            .GroupBy(static d => d.Submission.Id.Partition)
            .Select(g => queues.Enqueue(g.Key, [.. g.Select(static d => d.Enqueue!.Value)])));

    /// <summary>The earlier task of this id; null where it was this very submission, seen twice, and the record went meanwhile.</summary>
    private async Task<TaskRecord?> Existing(TaskId id, WriteOutcome written)
    {
        var stored = written.Existing is { } bytes ? StoredRecord.Parse(bytes) : await records.Read(RecordKey.Of(id));
        return stored is { } record ? serializer.Deserialize(record.Body) : null;
    }

    /// <summary>A submission on its way to its outcome.</summary>
    private sealed class Draft(TaskSubmission submission, long since)
    {
        /// <summary>Before its record is sent anywhere.</summary>
        public long Since => since;

        public TaskSubmission Submission { get; } = submission;

        public TaskRecord? Task { get; set; }

        /// <summary>Null where it is refused.</summary>
        public RecordWrite? Write { get; set; }

        public SubmitOutcome? Outcome { get; set; }

        /// <summary>Its queue's worker has it already.</summary>
        public bool IsBegun { get; set; }

        /// <summary>Or that is not known.</summary>
        public bool MayHaveBegun { get; set; }

        /// <summary>Null where its queue need not be told.</summary>
        public QueueEntry? Enqueue { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {TaskId} could not be taken in")]
    private partial void LogNotStored(Exception exception, TaskId taskId);

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {TaskId} could not be begun while it is being stored: {Reason}")]
    private partial void LogNotBegun(TaskId taskId, string reason);
}
