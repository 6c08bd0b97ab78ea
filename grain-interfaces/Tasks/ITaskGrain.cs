using MorningAI.Workers;
using Orleans.Concurrency;

namespace MorningAI.Tasks;

/// <summary>One task: its state machine, history, result and attempts. Key: the <see cref="TaskId"/>'s text.</summary>
/// <remarks>Every call throws <see cref="StoreUnavailableException"/> where the record cannot be read or written now.</remarks>
[Alias("mai.ITaskGrain")]
public interface ITaskGrain : IGrainWithStringKey
{
    /// <returns>Null where the id is known not to exist.</returns>
    [Alias("Get"), AlwaysInterleave]
    Task<TaskSnapshot?> Get();

    /// <summary>What it was submitted with. Apart from <see cref="Get"/>, as it may be large and most callers have it.</summary>
    /// <returns>UTF-8 JSON; null where the id is known not to exist.</returns>
    [Alias("GetPayload"), AlwaysInterleave]
    Task<byte[]?> GetPayload();

    /// <summary>Answers when the task's revision passes <paramref name="after"/>, or after <paramref name="atMost"/> with what is then true.</summary>
    /// <remarks>
    /// At once where the task has ended, or where its revision is below <paramref name="after"/>: progress is not stored, so
    /// a task that was loaded anew may count from lower than its watcher saw.
    /// </remarks>
    /// <param name="atMost">Capped at 20 s, below the time in which a grain call must answer.</param>
    [Alias("Watch"), AlwaysInterleave]
    Task<TaskSnapshot?> Watch(long after, TimeSpan atMost);

    /// <summary>
    /// The events after a place, as soon as there are any, or none after <paramref name="atMost"/>. Nothing is kept here for
    /// a watcher between its calls: a slow one asks later, and gets more at once.
    /// </summary>
    /// <param name="shown">The progress that was shown last: it has no place of its own, and is told again only where it differs.</param>
    /// <param name="atMost">As for <see cref="Watch"/>.</param>
    /// <returns>Null where the id is known not to exist.</returns>
    [Alias("Follow"), AlwaysInterleave]
    Task<TaskNews?> Follow(EventCursor after, TaskProgress? shown, TimeSpan atMost);

    /// <summary>Ends the task now. A running handler's token is cancelled at once, and what it returns later is refused.</summary>
    [Alias("Cancel")]
    Task<CancelOutcome> Cancel(string? reason);

    /// <summary>
    /// Takes away all that a task that has ended holds: payload, result, error, history, log. From then on nobody finds it;
    /// that it ended is kept until its time is over, so that nothing brings it back.
    /// </summary>
    [Alias("Delete")]
    Task<DeleteOutcome> Delete();

    /// <summary>
    /// A task that waits for its next attempt is queued at once. One that failed, is dead or was cancelled stays so, and a
    /// new task is made like it, whose id follows from this one's: asked twice, it is one.
    /// </summary>
    [Alias("Retry")]
    Task<RetryOutcome> Retry();

    /// <summary>A task that is behind this one in an order asks whether its turn may have come.</summary>
    /// <param name="follower">Its queue is told once this one has ended.</param>
    [Alias("HasEnded"), AlwaysInterleave]
    Task<EndedAnswer> HasEnded(TaskId follower);

    /// <summary>Ends the task where its deadline has passed and no attempt is under way.</summary>
    [Alias("Expire")]
    Task Expire();

    /// <summary>The store has the record of a task that was blocked because its idempotency key could not be checked: it is the first of its key, and is queued.</summary>
    [Alias("KeyVerified")]
    Task KeyVerified();

    /// <summary>A worker asks to begin an attempt. Asking twice from one worker incarnation gets the same attempt.</summary>
    [Alias("Start")]
    Task<StartOutcome> Start(WorkerId worker);

    /// <summary>A worker reports how an attempt ended. Durable when it returns; repeating it is harmless.</summary>
    [Alias("Complete")]
    Task<CompleteOutcome> Complete(AttemptRef attempt, AttemptResult result);

    /// <summary>A worker keeps the result of a step. Durable when it returns; the first result of a name stays.</summary>
    [Alias("KeepStep")]
    Task<CompleteOutcome> KeepStep(AttemptRef attempt, StepResult step);

    /// <summary>Progress of a running attempt; kept in memory, and ignored unless the attempt is the current one.</summary>
    [Alias("Report"), OneWay]
    Task Report(AttemptRef attempt, TaskProgress progress);

    /// <summary>Log lines and streamed text of a running attempt; kept in memory, the lines until the next write of the record.</summary>
    /// <returns>False where the attempt is not the current one: nobody listens.</returns>
    [Alias("Say")]
    Task<bool> Say(AttemptRef attempt, AttemptSaid said);

    /// <summary>The queue says that <paramref name="worker"/> does not hold this task (any more). A running attempt of its is ended, and the task is queued again.</summary>
    /// <returns>The state after that; null where the task does not exist.</returns>
    [Alias("GiveBack")]
    Task<TaskState?> GiveBack(WorkerId worker, GiveBackReason reason);
}

/// <summary>Why a worker no longer holds a task.</summary>
[GenerateSerializer, Alias("mai.GiveBackReason")]
public enum GiveBackReason : byte
{
    /// <summary>It died or lost its memory. Counted: a task that loses too many workers is dead.</summary>
    WorkerLost = 0,

    /// <summary>It is shutting down and handed the task back. Not counted.</summary>
    Draining = 1,
}
