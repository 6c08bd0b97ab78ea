namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>All that was written during a run: what it is judged by.</summary>
internal sealed class RunLedger
{
    public Dictionary<string, TaskStory> Tasks { get; } = new(StringComparer.Ordinal);

    public Dictionary<ChaosPhase, DateTimeOffset> Phases { get; } = [];

    /// <summary>The newest process of each silo that is to be there.</summary>
    public Dictionary<string, int> Silos { get; } = new(StringComparer.Ordinal);

    /// <summary>The silo that a process was, for all of them.</summary>
    public Dictionary<int, string> SiloOf { get; } = [];

    /// <summary>By SIGKILL, or by SIGSTOP for the time being.</summary>
    public List<SiloDeath> Deaths { get; } = [];

    /// <summary>Silos that ended by themselves, and were started again.</summary>
    public int Restarts { get; set; }

    /// <summary>When a silo was cut off from the others, and when it was not any more; null where it still was.</summary>
    public List<(DateTimeOffset From, DateTimeOffset? Until)> Cuts { get; } = [];

    /// <summary>When Redis was killed, and when it answered again; null where it has not.</summary>
    public List<(DateTimeOffset From, DateTimeOffset? Until)> Outages { get; } = [];

    /// <summary>When one of a run's several faults began, and when it was healed; null where it was not. Empty where the run had one.</summary>
    public List<(DateTimeOffset From, DateTimeOffset? Until)> Faults { get; } = [];

    /// <summary>By silo: how it saw the cluster, in order of time, at each change.</summary>
    public Dictionary<string, List<Look>> Looks { get; } = new(StringComparer.Ordinal);

    /// <summary>When a silo's process was ready, by process; the first time.</summary>
    public Dictionary<int, DateTimeOffset> Ready { get; } = [];

    /// <summary>When a silo's process was started.</summary>
    public Dictionary<int, DateTimeOffset> Started { get; } = [];

    /// <summary>By witness.</summary>
    public Dictionary<string, ReminderStory> Reminders { get; } = new(StringComparer.Ordinal);

    public TaskStory Of(string task)
    {
        if (!Tasks.TryGetValue(task, out var story))
            Tasks[task] = story = new TaskStory(task);
        return story;
    }

    public ReminderStory ReminderOf(string witness)
    {
        if (!Reminders.TryGetValue(witness, out var story))
            Reminders[witness] = story = new ReminderStory(witness);
        return story;
    }

    public List<Look> LooksOf(string silo)
    {
        if (!Looks.TryGetValue(silo, out var looks))
            Looks[silo] = looks = [];
        return looks;
    }

    /// <summary>The outage that was at that moment; null where Redis was up.</summary>
    public (DateTimeOffset From, DateTimeOffset? Until)? OutageAt(DateTimeOffset moment)
    {
        var index = Outages.FindIndex(o => o.From <= moment && (o.Until is not { } until || moment < until));
        return index < 0 ? null : Outages[index];
    }

    public IEnumerable<TaskStory> SubmittedIn(DateTimeOffset from, DateTimeOffset until) =>
        Tasks.Values.Where(t => t.SubmittedAt >= from && t.SubmittedAt < until);
}

internal sealed record SiloDeath(string Silo, int Process, DateTimeOffset At);

/// <param name="View">Null where the silo did not answer.</param>
internal sealed record Look(DateTimeOffset At, MembersView? View);
