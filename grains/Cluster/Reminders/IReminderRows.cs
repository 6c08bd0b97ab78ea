namespace MorningAI.Cluster.Reminders;

/// <summary>The reminder table whole and with its removals, which <see cref="IReminderTable"/> has no words for.</summary>
internal interface IReminderRows
{
    Task<IReadOnlyList<ReminderRow>> Read();

    /// <summary>Puts each row in place of an older one, and of none.</summary>
    /// <returns>How many were put; where the table has a newer one, or this very one, it stays.</returns>
    Task<int> Put(IReadOnlyList<ReminderRow> rows);

    /// <summary>Forgets these removals.</summary>
    Task Forget(IReadOnlyList<ReminderRow> removed);
}
