using MorningAI.Tasks;

namespace MorningAI.Intake;

/// <summary>
/// Where tasks come in that share a key with others: one after another, so that each knows which came before. Key: what
/// the key is for, its queue, and the key. Called by the intake, which has checked the submission.
/// </summary>
[Alias("mai.IKeyedIntakeGrain")]
public interface IKeyedIntakeGrain : IGrainWithStringKey
{
    /// <summary>Puts it at the end of its order, and submits it.</summary>
    [Alias("SubmitInOrder")]
    Task<SubmitOutcome> SubmitInOrder(TaskSubmission submission);

    /// <summary>What came before a task that was taken in while nobody could say: it follows the default id.</summary>
    /// <remarks>Throws <see cref="StoreUnavailableException"/> while that cannot be read.</remarks>
    [Alias("Earlier")]
    Task<TaskId[]> Earlier(TaskId first);

    /// <summary>Submits it where the key is free, and else answers with the task that has it.</summary>
    [Alias("SubmitUnique")]
    Task<SubmitOutcome> SubmitUnique(TaskSubmission submission);
}
