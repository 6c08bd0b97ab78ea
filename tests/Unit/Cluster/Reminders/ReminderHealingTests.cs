using System.Collections.Immutable;
using CsCheck;
using MorningAI.Cluster.Reminders;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Cluster.Reminders;

/// <summary>Whatever a table lost, and whoever puts it back in whichever order, there is one in the end: of each reminder the newest that anyone knew.</summary>
public sealed class ReminderHealingTests
{
    [Fact]
    public void Of_TableAsKnown_NothingToDo() => Assert.Empty(Heal([Row("a", 5), Row("b", 6, isLive: false)], [Row("a", 5), Row("b", 6, isLive: false)]).Lacking);

    [Fact]
    public void Of_EmptyTable_LacksEverything() => Assert.Equal(2, Heal([], [Row("a", 5), Row("b", 6, isLive: false)]).Lacking.Count);

    [Fact]
    public void Of_OlderRow_IsReplaced() => Assert.Equal(7, Heal([Row("a", 5)], [Row("a", 7)]).Lacking.Single().Stamp);

    [Fact]
    public void Of_NewerRowOrRemoval_Stays() => Assert.Empty(Heal([Row("a", 9), Row("b", 9, isLive: false)], [Row("a", 7), Row("b", 7)]).Lacking);

    [Fact]
    public void Of_RemovalLongAgo_IsForgottenInBoth()
    {
        var healing = Heal([Row("a", 3, isLive: false)], [Row("b", 4, isLive: false), Row("c", 4)], oldest: 5);
        Assert.Equal(["a", "b"], healing.Expired.Select(r => r.Key.Name).Order());
        Assert.Equal("c", healing.Lacking.Single().Key.Name);
    }

    [Fact]
    public void Of_RemovalLongAgoThatTheTableMissed_IsDone()
    {
        var healing = Heal([Row("a", 3)], [Row("a", 4, isLive: false)], oldest: 5);
        Assert.False(healing.Lacking.Single().IsLive);
        Assert.Empty(healing.Expired);
    }

    [Fact]
    public void Of_ByAnyInAnyOrder_ComesToRestAtTheNewestOfEach()
    {
        var row = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9], (name, stamp) => Row("abcd"[name].ToString(), stamp, isLive: (name + stamp) % 3 > 0));
        var table = row.Array[0, 6];
        Gen.Select(table, table.Array[1, 3], Gen.Int[0, 2].List[3, 12]).Sample((there, silos, order) =>
        {
            var inRedis = Newest(there);
            var known = silos.Select(Newest).ToArray();
            var all = Newest([.. there, .. silos.SelectMany(s => s)]);
            foreach (var silo in order.Concat([0, 1, 2, 0, 1, 2]).Where(s => s < known.Length))
            {
                foreach (var lacking in Heal([.. inRedis.Values], [.. known[silo].Values]).Lacking)
                    inRedis = Newest([.. inRedis.Values, lacking]);
                known[silo] = Newest([.. known[silo].Values, .. inRedis.Values]);
            }

            return IsSame(inRedis, all) && known.All(k => IsSame(k, all));
        }, iter: 20_000);
    }

    private static ReminderHealing Heal(ReminderRow[] there, ReminderRow[] known, long oldest = 0) => ReminderHealing.Of(there, Newest(known), oldest);

    private static ImmutableDictionary<ReminderKey, ReminderRow> Newest(ReminderRow[] rows) =>
        rows.GroupBy(r => r.Key).ToImmutableDictionary(g => g.Key, g => g.MaxBy(r => r.Stamp)!);

    private static bool IsSame(ImmutableDictionary<ReminderKey, ReminderRow> one, ImmutableDictionary<ReminderKey, ReminderRow> other) =>
        one.Count == other.Count && one.All(r => other.TryGetValue(r.Key, out var same) && same.Stamp == r.Value.Stamp && same.IsLive == r.Value.IsLive);

    private static ReminderRow Row(string name, long stamp, bool isLive = true) =>
        new(new ReminderKey(GrainId.Create("g", "1"), name), ReminderEtag.Of(stamp), isLive ? new ReminderSchedule(DateTime.UnixEpoch, TimeSpan.FromMinutes(1)) : null);
}
