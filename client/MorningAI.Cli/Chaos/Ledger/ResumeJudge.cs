namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>How soon the system was whole again.</summary>
internal static class ResumeJudge
{
    /// <summary>
    /// From the heal until every silo had finished a fresh task (submitted after the heal) that its worker ran, and one that
    /// came through its own API. Null where a silo did not.
    /// </summary>
    public static TimeSpan? Resumed(RunLedger ledger)
    {
        if (!ledger.Phases.TryGetValue(ChaosPhase.Recovery, out var healed) || ledger.Silos.Count == 0)
            return null;
        var fresh = ledger.Tasks.Values.Where(t => t.SubmittedAt >= healed && t.Final?.FinishedAt is not null && t.Accepted is not null).ToArray();
        var last = healed;
        foreach (var (silo, process) in ledger.Silos)
        {
            if (First(fresh.Where(t => t.Accepted!.Process == process)) is not { } ran || First(fresh.Where(t => t.Via == silo)) is not { } came)
                return null;
            last = new[] { last, ran, came }.Max();
        }

        return last - healed;
    }

    /// <summary>From a silo's death until the last of the executions that it cut off had begun again elsewhere; null where none had.</summary>
    public static Rerun? LongestRerun(RunLedger ledger)
    {
        Rerun? longest = null;
        foreach (var death in ledger.Deaths)
        {
            foreach (var task in ledger.Tasks.Values)
            {
                if (!task.Executions.Exists(e => e.Process == death.Process && e.StartedAt < death.At && (e.EndedAt is null || e.EndedAt > death.At)))
                    continue;
                var again = task.Executions.Where(e => e.Process != death.Process && e.StartedAt > death.At).Min(e => (DateTimeOffset?)e.StartedAt) - death.At;
                if (again is { } after && !(after <= longest?.After))
                    longest = new Rerun(after, task, death);
            }
        }

        return longest;
    }

    /// <summary>From Redis' return until each silo that had been started without it was ready; null where none was.</summary>
    public static TimeSpan? LongestJoin(RunLedger ledger)
    {
        TimeSpan? longest = null;
        foreach (var (process, started) in ledger.Started)
        {
            if (ledger.OutageAt(started)?.Until is { } back && ledger.Ready.TryGetValue(process, out var ready))
                longest = longest is null || ready - back > longest ? ready - back : longest;
        }

        return longest;
    }

    private static DateTimeOffset? First(IEnumerable<TaskStory> tasks) => tasks.Min(t => t.Final!.FinishedAt);
}

/// <param name="After">From the silo's death until it began again elsewhere.</param>
internal sealed record Rerun(TimeSpan After, TaskStory Task, SiloDeath Death);
