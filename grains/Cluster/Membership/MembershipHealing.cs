using Orleans.Runtime;

namespace MorningAI.Cluster.Membership;

/// <summary>
/// What a silo makes of a table that Redis shows, given what it knows: a table that was lost or rolled back gets its rows
/// back, at a version above every one that this silo has seen. Two silos that heal one after the other arrive at the same
/// rows, so that however it was lost, and whoever wrote meanwhile, there is one table in the end.
/// </summary>
internal static class MembershipHealing
{
    /// <param name="there">The table that Redis shows.</param>
    /// <param name="known">The newest one that this silo has seen.</param>
    /// <param name="seen">The newest version that this silo goes by: from the table, or from what other silos told it.</param>
    /// <returns>The table as it must be; null where nothing is missing.</returns>
    public static MembershipImage? Heal(MembershipImage there, MembershipImage known, int seen)
    {
        var isOlder = there.Version is not { } version || version < seen;
        var rows = there.Rows;
        foreach (var (silo, row) in known.Rows)
        {
            var mine = MembershipImage.StatusOf(row);
            if (rows.TryGetValue(silo, out var theirs))
            {
                // A silo's status only ever goes up, from created to dead.
                if (mine > MembershipImage.StatusOf(theirs))
                    rows = rows.SetItem(silo, row);
            }
            else if (isOlder || mine is SiloStatus.Joining or SiloStatus.Active)
            {
                // Only the rows of those that are gone are ever removed by anyone.
                rows = rows.SetItem(silo, row);
            }
        }

        var isSame = ReferenceEquals(rows, there.Rows);
        if (isSame && !isOlder && !HasForked(there, known))
            return null;
        return new MembershipImage(Math.Max(there.Version ?? 0, seen) + 1, rows);
    }

    /// <summary>The version that this silo knows, and yet another table: written by those who healed it from an older one. Nobody takes the same version twice.</summary>
    private static bool HasForked(MembershipImage there, MembershipImage known) =>
        there.Version == known.Version && !there.Rows.All(r => known.Rows.TryGetValue(r.Key, out var mine) && MembershipImage.StatusOf(mine) == MembershipImage.StatusOf(r.Value));
}
