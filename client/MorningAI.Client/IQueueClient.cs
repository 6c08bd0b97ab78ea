using MorningAI.Explaining;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>Looks after queues: pauses, drains and resumes them, and says why tasks wait. Safe to use from many threads.</summary>
public interface IQueueClient
{
    /// <summary>Lets nothing of it begin until it is resumed; what runs goes on. It need not exist yet.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="by">Who asks, for people; at most 100 characters.</param>
    /// <param name="reason">Why, for people; at most 500 characters.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreUnavailableException">No answer now.</exception>
    Task<QueueControl> Pause(QueueName queue, string? by = null, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Lets it take nothing new until it is resumed; what is there is done.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="by">Who asks, for people; at most 100 characters.</param>
    /// <param name="reason">Why, for people; at most 500 characters.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreUnavailableException">No answer now.</exception>
    Task<QueueControl> Drain(QueueName queue, string? by = null, string? reason = null, CancellationToken cancellationToken = default);

    /// <summary>Neither paused nor drained any more.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="StoreUnavailableException">No answer now.</exception>
    Task<QueueControl> Resume(QueueName queue, CancellationToken cancellationToken = default);

    /// <summary>Why a task waits, or that it does not.</summary>
    /// <param name="task">The task's id.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null where the id is known not to exist.</returns>
    /// <exception cref="StoreUnavailableException">It cannot be read now.</exception>
    Task<TaskExplanation?> Explain(TaskId task, CancellationToken cancellationToken = default);

    /// <summary>Why a queue's tasks wait, or that nothing does.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null where there is no such queue.</returns>
    /// <exception cref="StoreUnavailableException">No answer now.</exception>
    Task<QueueExplanation?> Explain(QueueName queue, CancellationToken cancellationToken = default);
}
