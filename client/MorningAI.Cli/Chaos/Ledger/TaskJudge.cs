namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>The promises about one task, as rules over what the ledger says of it.</summary>
internal static class TaskJudge
{
    /// <summary>
    /// Between the end of an execution and its completion's being durable. Nothing may begin in it either, as the attempt is
    /// still the current one; it is for clocks that are read in two processes.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <param name="isOfTheDead">Whether an execution began on a silo that the others had called dead by then, and that did not know.</param>
    public static TaskFindings Judge(TaskStory task, Predicate<Execution> isOfTheDead)
    {
        var succeeded = task.Final is { Succeeded: true } && task.Executions.Exists(e => e.EndedAt is not null);
        var completedAt = CompletedAt(task);
        return new TaskFindings(
            Completed: task.Answer == SubmitAnswer.Acknowledged && succeeded,
            Lost: task.Answer == SubmitAnswer.Acknowledged && !succeeded,
            ExecutedAgain: task.Executions.Count(e => e.StartedAt > completedAt),
            StaleAccepted: IsStale(task, completedAt, isOfTheDead),
            StepsRepeated: CountRepeatedSteps(task),
            RefusedAndRan: task.Answer == SubmitAnswer.Refused && (task.Executions.Count > 0 || Exists(task.Final)));
    }

    /// <summary>The earliest moment at which it is known to have been completed: seen so, or the end of an execution that was taken at some time.</summary>
    private static DateTimeOffset? CompletedAt(TaskStory task)
    {
        var taken = new[] { task.Accepted, Taken(task, task.FirstSeen?.Ending) };
        var ends = taken.Select(e => e?.EndedAt + Grace).Append(task.FirstSeen is { Ending.Succeeded: true } seen ? seen.At : null);
        return ends.Min();
    }

    private static bool IsStale(TaskStory task, DateTimeOffset? completedAt, Predicate<Execution> isOfTheDead)
    {
        if (task.Final is not { Succeeded: true } final || task.Executions.Count == 0)
            return false;
        if (task.Accepted is not { EndedAt: not null } accepted || accepted.Attempt != final.Attempt)
            return true;

        // What began later is an execution after completion, and counted as such. What a dead silo began has no say.
        var last = task.Executions.Where(e => (completedAt is null || e.StartedAt <= completedAt) && !isOfTheDead(e)).MaxBy(e => e.StartedAt);
        var exchanged = Taken(task, task.FirstSeen?.Ending) is { } first && first != accepted && accepted.StartedAt <= completedAt;
        return exchanged || (last?.StartedAt > accepted.StartedAt && accepted.StartedAt <= completedAt);
    }

    private static int CountRepeatedSteps(TaskStory task) => task.Steps
        .Count(began => !began.Kept && task.Steps.Exists(kept => kept.Kept && kept.Step == began.Step && kept.At < began.At));

    private static Execution? Taken(TaskStory task, TaskEnding? ending) =>
        ending is { Succeeded: true } ? task.Executions.Find(e => e.Id == ending.Execution) : null;

    private static bool Exists(TaskEnding? final) => final is not null && final.State is not (RunLog.Missing or RunLog.Unreadable);
}
