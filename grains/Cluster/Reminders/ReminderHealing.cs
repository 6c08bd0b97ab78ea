using System.Collections.Immutable;

namespace MorningAI.Cluster.Reminders;

/// <summary>What a silo makes of a reminder table that Redis shows, given what it knows.</summary>
/// <param name="Lacking">Rows that the table must get: it has none of the reminder, or an older one.</param>
/// <param name="Expired">Removals that nobody need remember any longer.</param>
internal sealed record ReminderHealing(IReadOnlyList<ReminderRow> Lacking, IReadOnlyList<ReminderRow> Expired)
{
    /// <param name="there">The table that Redis shows.</param>
    /// <param name="known">What this silo knew before it looked: what is written meanwhile is not missing.</param>
    /// <param name="oldest">Removals with an earlier stamp have done their work once the table has them.</param>
    public static ReminderHealing Of(IReadOnlyCollection<ReminderRow> there, ImmutableDictionary<ReminderKey, ReminderRow> known, long oldest)
    {
        Dictionary<ReminderKey, ReminderRow> table = [];
        foreach (var row in there)
        {
            if (!table.TryGetValue(row.Key, out var other) || row.Stamp > other.Stamp)
                table[row.Key] = row;
        }

        List<ReminderRow> lacking = [], expired = [.. there.Where(IsExpired)];
        foreach (var row in known.Values)
        {
            if (!table.TryGetValue(row.Key, out var theirs))
                (IsExpired(row) ? expired : lacking).Add(row);
            else if (row.Stamp > theirs.Stamp)
                lacking.Add(row);
        }

        return new ReminderHealing(lacking, expired);

        bool IsExpired(ReminderRow row) => !row.IsLive && row.Stamp < oldest;
    }
}
