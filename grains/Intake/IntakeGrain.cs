using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
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
    SubmitClock clock,
    Serializer<TaskRecord> serializer,
    IOptions<QueueOptions> options,
    ILogger<IntakeGrain> logger) : Grain, IIntakeGrain
{
    private readonly ILogger<IntakeGrain> _logger = logger;
    private readonly ulong _writer = (ulong)Random.Shared.NextInt64();

    public Task<int> CountPartitions(QueueName queue) => Task.FromResult(options.Value.PartitionsOf(queue));

    public async Task<SubmitOutcome[]> Submit(TaskSubmission[] submissions)
    {
        var outcomes = await Task.WhenAll(submissions.Select(Store));
        var accepted = submissions.Zip(outcomes).Where(p => p.Second.Enqueue is not null);
        await Task.WhenAll(accepted
            .GroupBy(p => p.First.Id.Partition)
            .Select(g => queues.Enqueue(g.Key, [.. g.Select(p => p.Second.Enqueue!.Value)])));
        return Array.ConvertAll(outcomes, o => o.Outcome);
    }

    private async Task<(SubmitOutcome Outcome, QueueEntry? Enqueue)> Store(TaskSubmission submission)
    {
        if (check.Check(submission) is { } refused)
            return (refused, null);
        try
        {
            await partitions.Ensure(submission.Id.Partition);
            // A key that cannot be checked now may be an earlier task's: the task is held until the store says so.
            var blockedBy = submission.IdempotencyKey is not null && !health.IsWorthTrying ? TaskRules.UnverifiedKey : null;
            var task = TaskRules.Create(submission, clock.Next(), blockedBy);
            var written = await records.Write(new RecordWrite
            {
                Key = RecordKey.Of(submission.Id),
                Version = 1,
                Base = 0,
                Writer = _writer,
                Body = serializer.SerializeToArray(task),
                Index = task.Index,
            });
            var created = written.Result == WriteResult.Stored;
            if (!created && await Existing(submission.Id, written) is { } existing)
                task = existing;
            // The store broke off before it could check the key: the queue learns of the task from the store, once that has taken it.
            var held = created && submission.IdempotencyKey is not null && written.Durability == Durability.Journal;
            var receipt = new TaskReceipt(submission.Id, task.TraceId, held ? TaskState.Blocked : task.State, written.Durability, created);
            return (new TaskAccepted(receipt), task.State == TaskState.Queued && !held ? new QueueEntry(submission.Id.Unique, task.Rank) : null);
        }
        catch (StoreUnavailableException e) when (e.MayHaveLanded)
        {
            return (new SubmitUncertain(submission.Id, e.Message), null);
        }
        catch (StoreUnavailableException e)
        {
            return (new StoreUnavailable(e.Message, e.RetryAfter), null);
        }
        catch (Exception e)
        {
            // The queue directory did not answer, or what is stored under the id cannot be read. One submission's trouble is not the batch's.
            LogNotStored(e, submission.Id);
            return (new StoreUnavailable("A part of the cluster does not answer now. Try again.", TimeSpan.FromSeconds(1)), null);
        }
    }

    /// <summary>The earlier task of this id; null where it was this very submission, seen twice, and the record went meanwhile.</summary>
    private async Task<TaskRecord?> Existing(TaskId id, WriteOutcome written)
    {
        var stored = written.Existing is { } bytes ? StoredRecord.Parse(bytes) : await records.Read(RecordKey.Of(id));
        return stored is { } record ? serializer.Deserialize(record.Body) : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Task {TaskId} could not be taken in")]
    private partial void LogNotStored(Exception exception, TaskId taskId);
}
