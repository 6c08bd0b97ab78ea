using System.Globalization;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Mixed;

/// <summary>Holds the mixed load against what was promised of it. Pure.</summary>
internal static class MixedJudge
{
    private const int Examples = 3;

    /// <summary>For clocks that are read in two processes, for what was begun at the moment of a cancel, and between an end and its being durable.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <param name="limit">How many of a limit key may run at a time; null where silos stood still or were cut off, and may have run some unseen.</param>
    /// <param name="runsOnce">False where a fault allows a task to run on both sides of it: what one side cancelled, or ran in order, the other may have run.</param>
    /// <param name="calm">When no fault was at work, nor had been for a moment.</param>
    public static MixedFindings Judge(IReadOnlyCollection<MixedTask> tasks, ILookup<string, MixedExecution> executions, int? limit, bool runsOnce, Predicate<DateTimeOffset> calm)
    {
        var acknowledged = tasks.Where(t => t.Acknowledged).ToArray();
        var lastOf = executions.SelectMany(static e => e).GroupBy(e => e.Process).ToDictionary(p => p.Key, p => p.Max(e => e.EndedAt ?? e.StartedAt));
        List<string> failures = [];
        Break("acknowledged and did not end", t => t.Final?.IsTerminal() != true);
        Break("was not cancelled and did not succeed", t => t.Sort is not (MixedSort.Dying or MixedSort.Cancelled) && t.Final?.IsTerminal() == true && t.Final != TaskState.Succeeded);
        Break("was to use up its attempts and is not dead", t => t.Sort == MixedSort.Dying && t.Final?.IsTerminal() == true && t.Final != TaskState.Dead);
        Break("began before its time", t => Of(t).Any(e => e.StartedAt < t.NotBefore));
        if (runsOnce)
        {
            Break("was cancelled and is not", t => t.CancelledAt is not null && t.Final != TaskState.Cancelled);
            Break("began after its cancel was acknowledged", t => t.CancelledAt + Grace is { } at && Of(t).Any(e => e.StartedAt > at));
            Break("ran more often than it has attempts", t => Of(t).Select(e => e.Attempt).Distinct().Count() > t.Attempts);
            Break("succeeded more than once", t => Of(t).Count(e => !e.Failed && IsKnown(e)) > 1);
            Break("failed more often than it was told to", t => t.Sort is MixedSort.Flaky && Of(t).Count(e => e.Failed && IsKnown(e)) > t.Fails);
            failures.AddRange(OutOfOrder(acknowledged, executions));
        }

        if (limit is { } most)
            failures.AddRange(TooMany(acknowledged, executions, most));
        var late = acknowledged.Where(t => t.NotBefore is { } due && calm(due) && Of(t).Any())
            .Select(t => (Of(t).Min(e => e.StartedAt) - t.NotBefore!.Value).TotalSeconds)
            .ToArray();
        return new MixedFindings
        {
            Acknowledged = acknowledged.GroupBy(t => t.Sort).OrderBy(g => g.Key).ToDictionary(g => g.Key.ToString().ToLowerInvariant(), g => g.Count()),
            Due = tasks.Count(t => t.Sort == MixedSort.Scheduled),
            SecondsLate = late.Length > 0 ? Math.Round(late.Max(), 3) : null,
            Failures = failures,
        };

        // A process that was killed right after may have told nobody of it.
        bool IsKnown(MixedExecution e) => e.EndedAt is { } ended && ended + Grace < lastOf[e.Process];

        IEnumerable<MixedExecution> Of(MixedTask task) => executions[task.Id.ToString()];

        void Break(string what, Predicate<MixedTask> isBreach)
        {
            var broken = acknowledged.Where(t => isBreach(t)).ToArray();
            if (broken.Length > 0)
                failures.Add(Sentence(broken, what));
        }
    }

    /// <summary>Of one key no task may begin before the one before it has ended for good.</summary>
    private static IEnumerable<string> OutOfOrder(IEnumerable<MixedTask> tasks, ILookup<string, MixedExecution> executions)
    {
        foreach (var order in tasks.Where(t => t.Sort == MixedSort.Ordered).GroupBy(t => t.Key))
        {
            var line = order.OrderBy(t => t.SubmittedAt).ToArray();
            var broken = line.Zip(line.Skip(1)).Where(p => IsBefore(p.Second, p.First)).Select(p => p.Second).ToArray();
            if (broken.Length > 0)
                yield return Sentence(broken, $"of the order {order.Key} began before the one before had ended");
        }

        // What was cut off with its silo has no end.
        bool IsBefore(MixedTask second, MixedTask first) =>
            executions[second.Id.ToString()].Select(e => (DateTimeOffset?)e.StartedAt).Min() is { } began
            && executions[first.Id.ToString()].Any(e => e.EndedAt > began || e.StartedAt > began);
    }

    private static IEnumerable<string> TooMany(IEnumerable<MixedTask> tasks, ILookup<string, MixedExecution> executions, int most)
    {
        foreach (var key in tasks.Where(t => t.Sort == MixedSort.Limited).GroupBy(t => t.Key))
        {
            var moments = key.SelectMany(t => executions[t.Id.ToString()]).Where(e => e.EndedAt is not null)
                .SelectMany(e => new[] { (At: e.StartedAt, Step: 1), (At: e.EndedAt!.Value, Step: -1) })
                .OrderBy(m => m.At).ThenBy(m => m.Step);
            var (now, peak) = (0, 0);
            foreach (var (_, step) in moments)
                peak = Math.Max(peak, now += step);
            if (peak > most)
                yield return string.Create(CultureInfo.InvariantCulture, $"{peak} tasks of the limit key {key.Key} ran at a time; {most} may.");
        }
    }

    private static string Sentence(MixedTask[] broken, string what) => string.Create(
        CultureInfo.InvariantCulture,
        $"{broken.Length} of the mixed load: {what}, as {string.Join(", ", broken.Take(Examples).Select(t => $"{t.Id} ({t.Sort.ToString().ToLowerInvariant()})"))}.");
}
