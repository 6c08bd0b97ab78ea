using System.Globalization;

namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>Holds a run's ledger against the promises. Pure: what is not in the ledger did not happen.</summary>
internal static class LedgerJudge
{
    private const int Examples = 3;

    public static LedgerFindings Judge(RunLedger ledger, Promises promises)
    {
        var dead = ledger.SiloOf.Keys.ToDictionary(process => process, process => MembershipJudge.CalledDead(ledger, process));
        var tasks = ledger.Tasks.Values.Select(t => (Task: t, Found: TaskJudge.Judge(t, e => e.StartedAt >= dead.GetValueOrDefault(e.Process)))).ToArray();
        var speed = new SpeedJudge(ledger);
        var detections = MembershipJudge.Detections(ledger).ToArray();
        var rerun = ResumeJudge.LongestRerun(ledger);
        var findings = new LedgerFindings
        {
            Submitted = tasks.Count(t => t.Task.SubmittedAt is not null),
            Acknowledged = tasks.Count(t => t.Task.Answer == SubmitAnswer.Acknowledged),
            Refused = tasks.Count(t => t.Task.Answer == SubmitAnswer.Refused),
            Uncertain = tasks.Count(t => t.Task.SubmittedAt is not null && t.Task.Answer is SubmitAnswer.Uncertain or SubmitAnswer.None),
            Completed = tasks.Count(t => t.Found.Completed),
            Lost = tasks.Count(t => t.Found.Lost),
            ExecutedAgainAfterCompletion = tasks.Sum(t => t.Found.ExecutedAgain),
            StaleCompletionsAccepted = tasks.Count(t => t.Found.StaleAccepted),
            StepsRepeated = tasks.Sum(t => t.Found.StepsRepeated),
            RefusedAndRan = tasks.Count(t => t.Found.RefusedAndRan),
            AcknowledgedByRedis = tasks.Count(t => t.Task.Durability == "redis"),
            AcknowledgedByJournal = tasks.Count(t => t.Task.Durability == "journal"),
            OkDuringFault = speed.OkDuringFault(),
            SubmitP99MsNormal = speed.SubmitP99Ms(ChaosPhase.Normal, ChaosPhase.Fault),
            SubmitP99MsDuringFault = speed.SubmitP99Ms(ChaosPhase.Fault, ChaosPhase.Heal),
            NormalThroughput = speed.Throughput(ChaosPhase.Normal, ChaosPhase.Fault),
            ThroughputDuringFault = speed.ThroughputDuringFault(),
            SecondsToResume = ResumeJudge.Resumed(ledger)?.TotalSeconds,
            SecondsToRerun = rerun?.After.TotalSeconds,
            SecondsToJoin = ResumeJudge.LongestJoin(ledger)?.TotalSeconds,
            SecondsToDetect = detections.Any(d => d.Detected is null) ? null : detections.Max(d => d.Detected?.TotalSeconds),
            Clusters = MembershipJudge.Clusters(ledger),
            Reminders = ReminderJudge.Judge(ledger),
            SilosRestarted = ledger.Restarts,
            Failures = [],
        };
        var unnoticed = detections.Where(d => ledger.OutageAt(d.Death.At) is null && !(d.Detected <= promises.DeathKnownWithin));
        return findings with { Failures = [.. Broken(tasks, promises), .. Missed(findings, promises), .. RerunLate(ledger, rerun, promises), .. unnoticed.Select(d => Unnoticed(d, promises)), .. Apart(findings, promises)] };
    }

    private static IEnumerable<string> Broken(IReadOnlyCollection<(TaskStory Task, TaskFindings Found)> tasks, Promises promises)
    {
        return new[]
        {
            Sentence(f => f.Lost, "acknowledged and did not finish"),
            Sentence(f => promises.RunsOnce && f.ExecutedAgain > 0, "ran again after completion"),
            Sentence(f => promises.RunsOnce && f.StaleAccepted, "finished with the result of an execution that was not the last one begun"),
            Sentence(f => promises.RunsOnce && f.StepsRepeated > 0, "repeated a step whose result was kept"),
            Sentence(f => f.RefusedAndRan, "refused at submit, yet exist or ran"),
        }.OfType<string>();

        string? Sentence(Func<TaskFindings, bool> isBreach, string what)
        {
            var found = tasks.Where(t => isBreach(t.Found)).Select(t => t.Task.Id).ToArray();
            return found.Length == 0
                ? null
                : $"{found.Length} {(found.Length == 1 ? "task" : "tasks")}: {what}, as {string.Join(", ", found.Take(Examples))}.";
        }
    }

    private static IEnumerable<string> Missed(LedgerFindings found, Promises promises)
    {
        if (found.Completed == 0)
            yield return "No task finished: nothing was proved.";
        if (promises.OkDuringFault is { } ok && !(found.OkDuringFault >= ok))
            yield return Text($"Of the submits during the fault {Percent(found.OkDuringFault)} were acknowledged while it lasted; promised are {Percent(ok)}.");
        if (promises.Throughput is { } throughput && !(found.ThroughputDuringFault >= throughput))
            yield return Text($"Throughput during the fault was {Percent(found.ThroughputDuringFault)} of normal; promised are {Percent(throughput)}.");
        if (promises.SubmitP99 is { } p99 && !(found.SubmitP99MsDuringFault <= p99.TotalMilliseconds))
            yield return Text($"Of the submits during the fault 99 % were acknowledged within {Milliseconds(found.SubmitP99MsDuringFault)}; promised are {p99.TotalMilliseconds} ms.");
        if (promises.Refuses && found.Refused == 0)
            yield return "No submit was refused, though nothing could be made durable: what was acknowledged then was not safe.";
        if (promises.NoSubmitFails && found.Refused + found.Uncertain is > 0 and var failed)
            yield return Text($"{failed} submits were refused or had no answer, though some silo was there for each.");
        if (promises.JoinWithin is { } join && !(found.SecondsToJoin <= join.TotalSeconds))
            yield return Text($"The silo that was started without Redis was ready {Seconds(found.SecondsToJoin)} after its return; promised are {join.TotalSeconds} s.");
        if (promises.ResumeWithin is { } resume && !(found.SecondsToResume <= resume.TotalSeconds))
            yield return Text($"Every silo finished fresh tasks {Seconds(found.SecondsToResume)} after the heal; promised are {resume.TotalSeconds} s.");
    }

    private static IEnumerable<string> RerunLate(RunLedger ledger, Rerun? slowest, Promises promises)
    {
        if (promises.RerunWithin is not { } within || slowest is null || slowest.After <= within)
            yield break;
        var executions = slowest.Task.Executions.OrderBy(e => e.StartedAt).Select(e => Text($"attempt {e.Attempt} in {ledger.SiloOf.GetValueOrDefault(e.Process, "an unknown silo")} at {Seconds((e.StartedAt - slowest.Death.At).TotalSeconds)}"));
        yield return Text($"What a dead silo ran began elsewhere up to {Seconds(slowest.After.TotalSeconds)} after its death; promised are {within.TotalSeconds} s. The slowest was {slowest.Task.Id}: {string.Join(", ", executions)}.");
    }

    private static string Unnoticed((SiloDeath Death, TimeSpan? Detected) late, Promises promises) =>
        Text($"Silo {late.Death.Silo}'s death was known to all others {Seconds(late.Detected?.TotalSeconds)} after it; promised are {promises.DeathKnownWithin.TotalSeconds} s.");

    private static IEnumerable<string> Apart(LedgerFindings found, Promises promises)
    {
        if (found.Clusters != 1)
            yield return Text($"The silos see {found.Clusters} clusters in the end, not one.");
        if (found.Reminders.Due == 0)
            yield return "No reminder was due: nothing was proved of them.";
        if (found.Reminders.Missed > 0)
            yield return Text($"Reminders: {found.Reminders.Missed} of {found.Reminders.Due} due times had no tick.");
        if (promises.RemindersOnce && found.Reminders.Doubled > 0)
            yield return Text($"Reminders: {found.Reminders.Doubled} due times had two ticks.");
    }

    private static string Percent(double? fraction) => fraction is { } f ? f.ToString("P0", CultureInfo.InvariantCulture) : "none";

    private static string Milliseconds(double? milliseconds) => milliseconds is { } ms ? Text($"{ms:0} ms") : "no time, as none was";

    private static string Seconds(double? seconds) => seconds is { } s ? Text($"{s:0.00} s") : "never";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
