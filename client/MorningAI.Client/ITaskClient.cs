using MorningAI.Finding;
using MorningAI.Intake;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>Submits tasks to a MorningAI cluster and follows them. One for the whole process, safe for use by many threads at once.</summary>
/// <remarks>
/// Payloads and results are JSON with snake_case names. Every call is repeated while silos come and go; what that could not
/// mend ends as <see cref="StoreUnavailableException"/> or <see cref="SubmitUncertainException"/>, never as "not found".
/// </remarks>
public interface ITaskClient
{
    /// <summary>Submits one task. Concurrent submits share calls. The task is durable when this returns.</summary>
    /// <typeparam name="TPayload">Written with snake_case names.</typeparam>
    /// <param name="kind">The name that the task's handler is registered under.</param>
    /// <param name="payload">What the handler reads; not null.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="cancellationToken">Ends the waiting. A task that was already sent may exist nevertheless.</param>
    /// <exception cref="TaskRefusedException">The submission is wrong; the task does not exist.</exception>
    /// <exception cref="StoreUnavailableException">Nothing could be stored, or no silo was reached; the task does not exist.</exception>
    /// <exception cref="SubmitUncertainException">No answer within <see cref="MorningAIClientOptions.SubmitTimeout"/>; the task may exist. Submit its id again.</exception>
    /// <exception cref="ArgumentException">The kind is no kind, the payload cannot be written, or the options contradict each other.</exception>
    Task<TaskReceipt> Submit<TPayload>(string kind, TPayload payload, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Submits many tasks of any kinds in as few calls as may be.</summary>
    /// <param name="tasks">Made with <see cref="TaskRequest.Create{TPayload}"/>.</param>
    /// <param name="cancellationToken">Ends the waiting. Tasks that were already sent may exist nevertheless.</param>
    /// <returns>
    /// One outcome a task, in order: <see cref="TaskAccepted"/>, <see cref="TaskRefused"/>, <see cref="StoreUnavailable"/>, or
    /// <see cref="SubmitUncertain"/> where nobody can say. One task's fault is not another's.
    /// </returns>
    /// <exception cref="StoreUnavailableException">No silo was reached; none of the tasks exists.</exception>
    Task<IReadOnlyList<SubmitOutcome>> SubmitMany(IEnumerable<TaskRequest> tasks, CancellationToken cancellationToken = default);

    /// <summary>Submits many tasks of one kind; see <see cref="SubmitMany(IEnumerable{TaskRequest}, CancellationToken)"/>.</summary>
    /// <typeparam name="TPayload">Written with snake_case names.</typeparam>
    /// <param name="kind">The name that the tasks' handler is registered under.</param>
    /// <param name="payloads">One a task; none null.</param>
    /// <param name="options">For all of them, so without an id or an idempotency key.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>One outcome a payload, in order.</returns>
    /// <exception cref="ArgumentException">As for one; or the options name an id or a key.</exception>
    Task<IReadOnlyList<SubmitOutcome>> SubmitMany<TPayload>(string kind, IEnumerable<TPayload> payloads, SubmitOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>The task as it is now.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null where the id is known not to exist.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be read now; it may exist.</exception>
    Task<TaskSnapshot?> Get(TaskId id, CancellationToken cancellationToken = default);

    /// <summary>What the task was submitted with.</summary>
    /// <typeparam name="TPayload">Read from snake_case JSON.</typeparam>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TaskNotFoundException">The id is known not to exist.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be read now; it may exist.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is no <typeparamref name="TPayload"/>.</exception>
    Task<TPayload> GetPayload<TPayload>(TaskId id, CancellationToken cancellationToken = default);

    /// <summary>Waits until the task has ended, however it ended.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the waiting, not the task.</param>
    /// <returns>The task in its terminal state.</returns>
    /// <exception cref="TaskNotFoundException">The id is known not to exist.</exception>
    /// <exception cref="StoreUnavailableException">Nothing was heard of it for <see cref="MorningAIClientOptions.WatchPatience"/>.</exception>
    Task<TaskSnapshot> Wait(TaskId id, CancellationToken cancellationToken = default);

    /// <summary>Waits until the task has ended, and reads its result.</summary>
    /// <typeparam name="TResult">Read from snake_case JSON.</typeparam>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the waiting, not the task.</param>
    /// <returns>What the handler returned.</returns>
    /// <exception cref="TaskFailedException">It failed for good.</exception>
    /// <exception cref="TaskCancelledException">It was cancelled.</exception>
    /// <exception cref="TaskNotFoundException">The id is known not to exist.</exception>
    /// <exception cref="StoreUnavailableException">Nothing was heard of it for <see cref="MorningAIClientOptions.WatchPatience"/>.</exception>
    /// <exception cref="System.Text.Json.JsonException">It succeeded, and its result is no <typeparamref name="TResult"/>.</exception>
    Task<TResult> Wait<TResult>(TaskId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// The task as it is now, and again after every change, up to its terminal state. Changes that follow each other closely
    /// may come as one; none is missed: <see cref="TaskSnapshot.History"/> has every state in between.
    /// </summary>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the watching, not the task.</param>
    /// <exception cref="TaskNotFoundException">The id is known not to exist.</exception>
    /// <exception cref="StoreUnavailableException">Nothing was heard of it for <see cref="MorningAIClientOptions.WatchPatience"/>.</exception>
    IAsyncEnumerable<TaskSnapshot> Watch(TaskId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Everything that happens to the task, as it happens: its states, progress, log lines and the text that its handler
    /// streams, in order and each once, up to <see cref="TaskEnded"/>. It goes on through the death of the silo that holds the
    /// task: what was shown is not repeated. A new attempt's text begins anew, and <see cref="StreamRestarted"/> says so.
    /// </summary>
    /// <param name="id">The task's id.</param>
    /// <param name="after">The <see cref="TaskHappening.Id"/> to go on after, also of an earlier process; default for the beginning.</param>
    /// <param name="cancellationToken">Ends the watching, not the task.</param>
    /// <exception cref="TaskNotFoundException">The id is known not to exist.</exception>
    /// <exception cref="StoreUnavailableException">Nothing was heard of it for <see cref="MorningAIClientOptions.WatchPatience"/>.</exception>
    IAsyncEnumerable<TaskHappening> Events(TaskId id, EventCursor after = default, CancellationToken cancellationToken = default);

    /// <summary>Ends the task. A running handler is told at once.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="reason">For people; shown in the task's history.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether this ended it; without a task where the id is known not to exist.</returns>
    /// <exception cref="StoreUnavailableException">No answer now; it may or may not be cancelled.</exception>
    Task<CancelOutcome> Cancel(TaskId id, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets a task that waits for its next attempt begin at once; makes a new task like one that failed, is dead or was
    /// cancelled. Asked twice it is one retry.
    /// </summary>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What was done; a refusal where there is nothing to retry.</returns>
    /// <exception cref="StoreUnavailableException">No answer now; it may or may not be retried.</exception>
    Task<RetryOutcome> Retry(TaskId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// The tasks that are wanted: by state, those that ended newest first, the others in the order in which they will be
    /// begun. Tasks come and go meanwhile; one that stays where it is comes once.
    /// </summary>
    /// <param name="query">Null for all.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <exception cref="StoreUnavailableException">The index cannot be read now; a single task can, with <see cref="Get"/>.</exception>
    IAsyncEnumerable<TaskSummary> List(TaskQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>Takes away all that a task that has ended holds. Nobody finds it from then on.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether it was deleted, or in which state it is that it was not.</returns>
    /// <exception cref="StoreUnavailableException">No answer now.</exception>
    Task<DeleteOutcome> Delete(TaskId id, CancellationToken cancellationToken = default);

    /// <summary>Cancels, retries or deletes all tasks that a query finds, slice by slice, as the answers are read. Broken off and begun again it does nothing twice.</summary>
    /// <param name="action">What is to be done.</param>
    /// <param name="query">With which tasks.</param>
    /// <param name="dryRun">Only say with which.</param>
    /// <param name="reason">Of a cancel, for people.</param>
    /// <param name="cancellationToken">Ends it after the slice under way.</param>
    /// <exception cref="StoreUnavailableException">They cannot be found now.</exception>
    IAsyncEnumerable<BulkDone> Bulk(BulkAction action, TaskQuery query, bool dryRun = false, string? reason = null, CancellationToken cancellationToken = default);
}
