using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Intake;

/// <summary>Where tasks come in: a stateless worker on every silo. Writes the tasks' records and enqueues them; activates none.</summary>
[Alias("mai.IIntakeGrain")]
public interface IIntakeGrain : IGrainWithIntegerKey
{
    /// <summary>Keys 0 to 15 are in use. A client sends one key's calls to one gateway, so several keys spread them; a silo warms them all up.</summary>
    const int Keys = 16;

    /// <summary>One outcome a submission, in order. An accepted task is durable; repeating a submission with its id is harmless.</summary>
    [Alias("Submit")]
    Task<SubmitOutcome[]> Submit(TaskSubmission[] submissions);

    /// <summary>How many partitions a queue has: who makes a task id needs to know.</summary>
    [Alias("CountPartitions")]
    Task<int> CountPartitions(QueueName queue);
}
