namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>All that was written during a run: what it is judged by.</summary>
internal sealed class RunLedger
{
    public Dictionary<string, TaskStory> Tasks { get; } = new(StringComparer.Ordinal);

    public Dictionary<ChaosPhase, DateTimeOffset> Phases { get; } = [];

    /// <summary>Each silo's newest process.</summary>
    public Dictionary<string, int> Silos { get; } = new(StringComparer.Ordinal);

    public List<SiloDeath> Deaths { get; } = [];

    public TaskStory Of(string task)
    {
        if (!Tasks.TryGetValue(task, out var story))
            Tasks[task] = story = new TaskStory(task);
        return story;
    }

    public IEnumerable<TaskStory> SubmittedIn(DateTimeOffset from, DateTimeOffset until) =>
        Tasks.Values.Where(t => t.SubmittedAt >= from && t.SubmittedAt < until);
}

internal sealed record SiloDeath(string Silo, int Process, DateTimeOffset At);
