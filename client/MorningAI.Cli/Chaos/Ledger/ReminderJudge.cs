namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>Holds what the witnesses wrote against when their reminders were due.</summary>
internal static class ReminderJudge
{
    /// <summary>A due time in the run's last moments may have its tick after them.</summary>
    private static readonly TimeSpan Lateness = TimeSpan.FromSeconds(1);

    /// <summary>A tick is a call to its grain: one that is on its way dies with its silo, whose death is written down a moment later.</summary>
    private static readonly TimeSpan OnItsWay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// About a change of membership: Orleans computes a reminder's next due time when it changes hands, and passes over one
    /// that is due just then.
    /// </summary>
    private static readonly TimeSpan HandoverTime = TimeSpan.FromSeconds(1.5);

    /// <summary>Of the witnesses' reminders, without the due times at which they were nobody's.</summary>
    public static ReminderFindings Judge(RunLedger ledger)
    {
        var nobodys = ledger.Deaths.Select(d => Unnoticed(ledger, d.At)).Concat(ledger.Cuts.Select(Unreachable)).Concat(Handovers(ledger)).ToArray();
        var (due, nobody, missed, doubled) = (0, 0, 0, 0);
        foreach (var reminder in ledger.Reminders.Values)
        {
            var ticks = reminder.Ticks.CountBy(number => number).ToDictionary();
            doubled += ticks.Values.Count(count => count > 1);
            foreach (var (number, at) in DueTimes(ledger, reminder))
            {
                var ticked = ticks.ContainsKey(number);
                if (!ticked && nobodys.Any(n => at >= n.From && at < n.Until))
                {
                    nobody++;
                    continue;
                }

                due++;
                missed += ticked ? 0 : 1;
            }
        }

        return new ReminderFindings(due, nobody, missed, doubled);
    }

    /// <summary>
    /// Reminders of a silo that is dead are nobody's until the others know, for at most as long as a death may go unnoticed.
    /// In an outage nobody is declared dead: it ends with it.
    /// </summary>
    private static (DateTimeOffset From, DateTimeOffset Until) Unnoticed(RunLedger ledger, DateTimeOffset death)
    {
        var known = ledger.OutageAt(death) is { } outage ? outage.Until : death;
        return (death - OnItsWay, known + Promises.SiloDeathTime ?? DateTimeOffset.MaxValue);
    }

    /// <summary>
    /// Of a silo that is cut off likewise. Where that ends before it is declared dead, connections go on after a pause: TCP
    /// tries again as long after the cut as it has lasted, at most.
    /// </summary>
    private static (DateTimeOffset From, DateTimeOffset Until) Unreachable((DateTimeOffset From, DateTimeOffset? Until) cut)
    {
        var noticed = cut.From + Promises.SiloDeathTime;
        return (cut.From, cut.Until < noticed ? cut.Until.Value + Promises.SiloDeathTime : noticed);
    }

    /// <summary>A silo that joins takes its share of the reminders at once, and serves it when it is ready.</summary>
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> Handovers(RunLedger ledger)
    {
        foreach (var looks in ledger.Looks.Values)
        {
            var last = looks.Find(look => look.View is not null)?.View;
            foreach (var (at, view) in looks)
            {
                if (view is null || last is null || view.Active.ToHashSet().SetEquals(last.Active))
                    continue;
                last = view;
                var ready = ledger.Ready.Where(r => r.Value > at && ledger.Started.GetValueOrDefault(r.Key, r.Value) < at).Select(r => r.Value).DefaultIfEmpty(at).Max();
                yield return (at - HandoverTime, ready + HandoverTime);
            }
        }
    }

    private static IEnumerable<(long Number, DateTimeOffset At)> DueTimes(RunLedger ledger, ReminderStory reminder)
    {
        if (reminder.FirstDue is not { } first || !ledger.Phases.TryGetValue(ChaosPhase.Over, out var end))
            yield break;
        var begin = ledger.Phases.GetValueOrDefault(ChaosPhase.WarmUp);
        for (var number = 0L; first + (number * reminder.Period) + Lateness <= end; number++)
        {
            if (first + (number * reminder.Period) >= begin)
                yield return (number, first + (number * reminder.Period));
        }
    }
}

/// <param name="Due">Due times that were counted.</param>
/// <param name="Nobodys">Due times without a tick while the reminder's silo was dead and not known to be, or while it changed hands.</param>
/// <param name="Missed">Of them, those without a tick before the next.</param>
/// <param name="Doubled">Due times with two ticks or more.</param>
internal sealed record ReminderFindings(int Due, int Nobodys, int Missed, int Doubled);
