using System.Collections.Immutable;
using Orleans.Runtime;

namespace MorningAI.Cluster.Reminders;

/// <summary>
/// What a silo knows of the reminder table: of each reminder the newest row that it read or wrote, removals included.
/// Whoever merges two such sets, in whichever order, gets the same one, so that silos which put back what a table lost do
/// not fight.
/// </summary>
internal sealed class KnownReminders
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<ReminderKey, ReminderRow> _rows = ImmutableDictionary<ReminderKey, ReminderRow>.Empty;

    /// <summary>As they are now.</summary>
    public ImmutableDictionary<ReminderKey, ReminderRow> Rows
    {
        get
        {
            lock (_lock)
                return _rows;
        }
    }

    /// <returns>Null where there is none, and where it was removed.</returns>
    public ReminderRow? Find(ReminderKey key) => Rows.TryGetValue(key, out var row) && row.IsLive ? row : null;

    public IReadOnlyList<ReminderRow> Of(GrainId grain) => [.. Rows.Values.Where(r => r.IsLive && r.Key.Grain == grain)];

    public IReadOnlyList<ReminderRow> Between(uint begin, uint end) => [.. Rows.Values.Where(r => r.IsLive && r.IsIn(begin, end))];

    /// <summary>Of equals the one that is learnt counts: it is what the table shows.</summary>
    public void Learn(IEnumerable<ReminderRow> rows)
    {
        lock (_lock)
        {
            var known = _rows.ToBuilder();
            foreach (var row in rows)
            {
                if (!known.TryGetValue(row.Key, out var mine) || row.Stamp >= mine.Stamp)
                    known[row.Key] = row;
            }

            _rows = known.ToImmutable();
        }
    }

    /// <summary>Removals that are in no table any more.</summary>
    public void Forget(IEnumerable<ReminderRow> removed)
    {
        lock (_lock)
            _rows = _rows.RemoveRange(removed.Where(r => _rows.TryGetValue(r.Key, out var mine) && mine.Stamp == r.Stamp).Select(r => r.Key));
    }

    public void Clear()
    {
        lock (_lock)
            _rows = _rows.Clear();
    }
}
