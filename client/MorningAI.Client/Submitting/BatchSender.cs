using Microsoft.Extensions.Logging;
using MorningAI.Client.Cluster;
using MorningAI.Intake;

namespace MorningAI.Client.Submitting;

/// <summary>Sends one batch and repeats it, with the same ids, until each submission has its outcome or is out of time.</summary>
internal sealed partial class BatchSender(IntakeRing intakes, ClusterCalls calls, TimeSpan attemptTimeout, ILogger<BatchSender> logger)
{
    /// <summary>Never throws: every fault becomes an outcome.</summary>
    public async Task Send(List<PendingSubmit> batch)
    {
        for (var failures = 0; ;)
        {
            DropDone(batch);
            if (batch.Count == 0)
                return;

            Exception? fault = null;
            try
            {
                var outcomes = await Call(batch).ConfigureAwait(false);
                Settle(batch, outcomes);
            }
            catch (Exception e)
            {
                fault = e;
                foreach (var item in batch)
                    item.Unanswered = true;
            }

            if (fault is not null && !ClusterCalls.IsTransient(fault))
            {
                await Isolate(batch, fault).ConfigureAwait(false);
                return;
            }

            batch.RemoveAll(static item => item.Task.IsCompleted);
            if (batch.Count == 0)
                return;
            var pause = RetryBackoff.After(++failures, Random.Shared.NextDouble());
            LogRepeating(batch.Count, failures, pause.TotalMilliseconds, fault?.GetBaseException().Message ?? "nothing could be stored");
            await Task.Delay(pause, calls.Time).ConfigureAwait(false);
        }
    }

    private Task<SubmitOutcome[]> Call(List<PendingSubmit> batch)
    {
        var submissions = new TaskSubmission[batch.Count];
        for (var i = 0; i < submissions.Length; i++)
            submissions[i] = batch[i] is { Unanswered: true } again ? again.Submission with { IsNew = false } : batch[i].Submission;
        // Items stand in the order of their deadlines: the last has the longest to go.
        var left = calls.Time.GetElapsedTime(calls.Time.GetTimestamp(), batch[^1].Deadline);
        var limit = left < attemptTimeout ? left : attemptTimeout;
        return intakes.Call(calls, intake => intake.Submit(submissions), limit > TimeSpan.Zero ? limit : TimeSpan.Zero);
    }

    private static void Settle(List<PendingSubmit> batch, SubmitOutcome[] outcomes)
    {
        if (outcomes.Length != batch.Count)
            throw new InvalidOperationException($"A silo answered {outcomes.Length} outcomes to {batch.Count} submissions. Are client and silo of one version?");
        for (var i = 0; i < outcomes.Length; i++)
        {
            var item = batch[i];
            switch (outcomes[i])
            {
                case TaskAccepted accepted:
                    item.TrySetResult(accepted);
                    break;
                // That this silo stored nothing says nothing of an earlier, unanswered call to another: only an acceptance settles it.
                case StoreUnavailable when item.Unanswered:
                    break;
                case TaskRefused refused when item.Unanswered:
                    item.SetUncertain($"A first call was not answered; a second was refused: {refused.Message}");
                    break;
                // Asked again with the same id, it may be told after all.
                case SubmitUncertain:
                    item.Unanswered = true;
                    break;
                case TaskRefused or StoreUnavailable:
                    item.TrySetResult(outcomes[i]);
                    break;
                default:
                    item.SetUncertain($"The silo's answer is not known to this client ({outcomes[i]?.GetType().Name ?? "null"}); use a client of the silo's version.");
                    break;
            }
        }
    }

    /// <summary>A fault that repeating does not mend may be one submission's alone: halves are tried until it stands by itself.</summary>
    private Task Isolate(List<PendingSubmit> batch, Exception fault)
    {
        if (batch.Count == 1)
        {
            LogFailed(fault, batch[0].Submission.Id);
            batch[0].SetUncertain($"The submit failed: {fault.Message}");
            return Task.CompletedTask;
        }

        LogIsolating(fault, batch.Count);
        var half = batch.Count / 2;
        return Task.WhenAll(Send(batch[..half]), Send(batch[half..]));
    }

    private void DropDone(List<PendingSubmit> batch)
    {
        var now = calls.Time.GetTimestamp();
        batch.RemoveAll(item =>
        {
            if (item.Task.IsCompleted)
                return true;
            if (item.Deadline > now)
                return false;
            if (item.Unanswered)
                item.SetUncertain("No silo answered in time.");
            else
                item.TrySetResult(new StoreUnavailable("No silo was reached in time; the task was never sent and does not exist.", TimeSpan.FromSeconds(1)));
            return true;
        });
    }
}
