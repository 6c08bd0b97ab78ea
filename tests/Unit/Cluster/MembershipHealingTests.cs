using System.Collections.Immutable;
using CsCheck;
using MorningAI.Cluster.Membership;
using Orleans.Runtime;
using Xunit;

namespace MorningAI.Tests.Unit.Cluster;

/// <summary>However a table was lost, and whoever heals it in whichever order, there is one in the end, with everybody in it.</summary>
public sealed class MembershipHealingTests
{
    private static readonly SiloStatus[] Statuses = [SiloStatus.Joining, SiloStatus.Active, SiloStatus.Dead];
    private static readonly MembershipImage Known = Table(7, ("a", SiloStatus.Active), ("b", SiloStatus.Active), ("c", SiloStatus.Dead));

    [Fact]
    public void Heal_TableAsKnown_NothingToDo() => Assert.Null(MembershipHealing.Heal(Known, Known, 7));

    [Fact]
    public void Heal_NewerTable_NothingToDo() =>
        Assert.Null(MembershipHealing.Heal(Table(9, ("a", SiloStatus.Active), ("b", SiloStatus.Dead), ("d", SiloStatus.Joining)), Known, 8));

    [Fact]
    public void Heal_NoTable_IsPutBackAboveWhatAnyoneHasSeen()
    {
        var healed = MembershipHealing.Heal(MembershipImage.None, Known, 8)!;
        Assert.Equal(9, healed.Version);
        Assert.Equal(Known.Rows, healed.Rows);
    }

    [Fact]
    public void Heal_TableOfANewcomerOnAnEmptiedRedis_HasBoth()
    {
        var healed = MembershipHealing.Heal(Table(2, ("n", SiloStatus.Active)), Known, 7)!;
        Assert.Equal(8, healed.Version);
        Assert.Equal(["a", "b", "c", "n"], healed.Rows.Keys);
    }

    [Fact]
    public void Heal_RolledBack_StatusesDoNotGoBack()
    {
        var healed = MembershipHealing.Heal(Table(4, ("a", SiloStatus.Joining), ("b", SiloStatus.Dead), ("c", SiloStatus.Active)), Known, 7)!;
        Assert.Equal([SiloStatus.Active, SiloStatus.Dead, SiloStatus.Dead], healed.Rows.Values.Select(MembershipImage.StatusOf));
    }

    [Fact]
    public void Heal_TheSameVersionOfAnotherTable_IsMadeANewVersion()
    {
        var there = Table(7, ("a", SiloStatus.Active), ("b", SiloStatus.Active), ("c", SiloStatus.Dead), ("d", SiloStatus.Active));
        Assert.Equal(8, MembershipHealing.Heal(there, Known, 7)!.Version);
    }

    [Fact]
    public void Heal_NewerTableWithoutALivingSilo_PutsItBack()
    {
        var healed = MembershipHealing.Heal(Table(50, ("a", SiloStatus.Active)), Known, 7)!;
        Assert.Equal((51, SiloStatus.Active), (healed.Version, MembershipImage.StatusOf(healed.Rows["b"])));
        Assert.False(healed.Rows.ContainsKey("c")); // the dead may be cleaned away
    }

    /// <summary>Silos that know tables of any age heal any table, in any order, again and again: they come to rest at one that has every living silo, and no version is ever taken back.</summary>
    [Fact]
    public void Heal_ByAnyInAnyOrder_ComesToRestAtOneTable()
    {
        var row = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], (silo, status) => (Silo: "abcde"[silo].ToString(), Status: Statuses[status]));
        var table = Gen.Select(Gen.Int[0, 9], row.Array[0, 5], (version, rows) => Table(version, [.. rows.DistinctBy(r => r.Silo)]));
        Gen.Select(table, table.Array[1, 4], Gen.Int[0, 3].List[4, 20]).Sample((there, silos, order) =>
        {
            var seen = silos.Select(s => s.Version!.Value).ToArray();
            var everybody = silos.SelectMany(s => s.Rows).ToArray();
            foreach (var next in order.Concat([.. Enumerable.Range(0, 3).SelectMany(_ => Enumerable.Range(0, silos.Length))]))
            {
                var silo = next % silos.Length;
                if (MembershipHealing.Heal(there, silos[silo], seen[silo]) is { } healed)
                {
                    if (healed.Version <= seen[silo] || healed.Version <= there.Version)
                        return false;
                    there = healed;
                }

                (silos[silo], seen[silo]) = (there, there.Version!.Value);
            }

            return silos.All(s => MembershipHealing.Heal(there, s, s.Version!.Value) is null)
                && everybody.Where(r => MembershipImage.StatusOf(r.Value) != SiloStatus.Dead).All(r => there.Rows.ContainsKey(r.Key));
        }, iter: 20_000);
    }

    private static MembershipImage Table(int version, params (string Silo, SiloStatus Status)[] rows) =>
        new(version, rows.ToImmutableSortedDictionary(r => r.Silo, r => $$"""{"SiloAddress":{"SiloAddress":"{{r.Silo}}"},"Status":{{(int)r.Status}}}""", StringComparer.Ordinal));
}
