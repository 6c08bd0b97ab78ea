namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>What the silos' own views of the cluster come to.</summary>
internal static class MembershipJudge
{
    /// <summary>
    /// How many clusters there were in the end: sets of active silos that silos named, each of the run's silos asked. One
    /// that did not answer is in none that the others could be in.
    /// </summary>
    public static int Clusters(RunLedger ledger)
    {
        var last = ledger.Silos.Keys.Select(silo => ledger.Looks.GetValueOrDefault(silo)?[^1].View).ToArray();
        return last.Count(view => view is null)
            + last.OfType<MembersView>().Select(view => string.Join(' ', view.Active.Order(StringComparer.Ordinal))).Distinct().Count();
    }

    /// <summary>
    /// From each death until every other silo of the run showed it; null where one never did. One that has left is not asked,
    /// and deaths that no other silo was there to see are left out.
    /// </summary>
    public static IEnumerable<(SiloDeath Death, TimeSpan? Detected)> Detections(RunLedger ledger)
    {
        foreach (var death in ledger.Deaths)
        {
            if (Before(ledger, death.Silo, death.At) is not { } dead)
                continue;
            var seen = ledger.Silos.Keys
                .Where(silo => silo != death.Silo && Before(ledger, silo, death.At) is not null)
                .Select(silo => ledger.Looks[silo].Find(look => look.At >= death.At && look.View?.ShowsDead(dead.Address) == true)?.At - death.At)
                .ToArray();
            if (seen.Length > 0)
                yield return (death, seen.Contains(null) ? null : seen.Max());
        }
    }

    /// <summary>From when on a silo's process was dead to the others, or stood still until it was; null where it never was, or nobody knows.</summary>
    public static DateTimeOffset? CalledDead(RunLedger ledger, int process)
    {
        var silo = ledger.SiloOf[process];
        var from = ledger.Started[process];
        var until = ledger.SiloOf.Where(s => s.Value == silo && ledger.Started[s.Key] > from).Select(s => ledger.Started[s.Key]).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        var address = ledger.Looks.GetValueOrDefault(silo)?.Find(look => look.At >= from && look.At < until && look.View is not null)?.View?.Address;
        if (address is null)
            return null;
        var seen = ledger.Looks.Where(l => l.Key != silo)
            .Select(l => l.Value.Find(look => look.View?.Silos.GetValueOrDefault(address) == "dead")?.At)
            .Min();
        return seen is null ? null : ledger.Deaths.Find(d => d.Process == process && d.At < seen)?.At ?? seen;
    }

    private static MembersView? Before(RunLedger ledger, string silo, DateTimeOffset moment) =>
        ledger.Looks.GetValueOrDefault(silo)?.FindLast(look => look.At < moment)?.View;
}
