namespace MorningAI.Storage.Journaling;

/// <summary>A journal in figures.</summary>
public sealed record JournalStats
{
    /// <summary>Rows in the file: the newest of each key, and the few that another writer's is about to replace.</summary>
    public required long Records { get; init; }

    /// <summary>Of these, the ones that the store has not confirmed.</summary>
    public required long Waiting { get; init; }

    /// <summary>How long the oldest of them has waited; null where none waits.</summary>
    public required TimeSpan? OldestWaiting { get; init; }

    public required long FileBytes { get; init; }

    /// <summary>Of the write-ahead log beside the file.</summary>
    public required long WalBytes { get; init; }

    /// <summary>Records that were set aside because they could not be read.</summary>
    public required long Quarantined { get; init; }

    /// <summary>Damaged files that were set aside, by name.</summary>
    public required IReadOnlyList<string> SetAside { get; init; }

    /// <summary>Null where the journal is not open in this process.</summary>
    public JournalActivity? Activity { get; init; }
}

/// <summary>What the writing thread has done since the journal was opened.</summary>
/// <param name="Uncommitted">Records in memory, on their way to the file.</param>
/// <param name="Commits">Commits that held records.</param>
/// <param name="Committed">Records in them.</param>
/// <param name="LastCommit">Duration of the last one, fsync included.</param>
/// <param name="Refusal">What the disk said when it refused the last commit; null where it took it.</param>
public sealed record JournalActivity(int Uncommitted, long Commits, long Committed, TimeSpan LastCommit, string? Refusal)
{
    public double RecordsPerCommit => Commits == 0 ? 0 : (double)Committed / Commits;
}
