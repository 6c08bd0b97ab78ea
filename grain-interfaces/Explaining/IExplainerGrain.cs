using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Explaining;

/// <summary>Says why tasks wait, from the memory of those who let them. Stateless, on every silo; key 0.</summary>
[Alias("mai.IExplainerGrain")]
public interface IExplainerGrain : IGrainWithIntegerKey
{
    /// <returns>Null where the id is known not to exist.</returns>
    /// <remarks>Throws <see cref="StoreUnavailableException"/> where the record cannot be read now.</remarks>
    [Alias("OfTask")]
    Task<TaskExplanation?> OfTask(TaskId task);

    /// <returns>Null where there is no such queue, and nothing was decided about one of that name.</returns>
    [Alias("OfQueue")]
    Task<QueueExplanation?> OfQueue(QueueName queue);
}
