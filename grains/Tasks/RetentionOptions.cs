namespace MorningAI.Tasks;

/// <summary>How long tasks are kept once they have ended. Empty: for ever.</summary>
public sealed class RetentionOptions
{
    /// <summary>
    /// The least that may be set. A journal keeps an ended task for 10 min after the store has it, and a silo lets go of its
    /// own older copies within 3 min: after that, a store that is emptied gets nothing back that was removed.
    /// </summary>
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(15);

    /// <summary>Default: 24 h, as in the original.</summary>
    public TimeSpan? Succeeded { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Default: 1 h, as in the original.</summary>
    public TimeSpan? Failed { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Default: 1 h.</summary>
    public TimeSpan? Cancelled { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Dead letters wait for people. Default: 30 days.</summary>
    public TimeSpan? Dead { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often a queue partition looks for what is to go. Default: 1 min.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>By state.</summary>
    public IEnumerable<(TaskState State, TimeSpan Kept)> Limits()
    {
        foreach (var (state, kept) in new[] { (TaskState.Succeeded, Succeeded), (TaskState.Failed, Failed), (TaskState.Cancelled, Cancelled), (TaskState.Dead, Dead) })
        {
            if (kept is { } span)
                yield return (state, span);
        }
    }
}
