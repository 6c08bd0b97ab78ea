using MorningAI.Intake;

namespace MorningAI.Client.Submitting;

/// <summary>A submission under way; its task is what the submitter awaits. Continuations run elsewhere, so that they never hold up a batch.</summary>
internal sealed class PendingSubmit(TaskSubmission submission, long deadline)
    : TaskCompletionSource<SubmitOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public TaskSubmission Submission { get; } = submission;

    /// <summary>A timestamp of the client's clock.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>Whether it was sent and the answer never came, so that the task may exist. Stays.</summary>
    public bool Unanswered { get; set; }

    public void SetUncertain(string why) => TrySetResult(new SubmitUncertain(
        Submission.Id, $"{why} Task {Submission.Id} may exist: submit it again with this id."));
}
