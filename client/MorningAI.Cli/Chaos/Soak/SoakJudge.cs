using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Chaos.Ledger;

namespace MorningAI.Cli.Chaos.Soak;

/// <summary>Compares the end of a run with its start: what grows without end shows as a ratio above 1.</summary>
internal static class SoakJudge
{
    private const int Quarters = 4;

    /// <summary>After a heal all is as before within a second; that is promised elsewhere.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(1);

    /// <returns>Null where there are fewer moments than quarters.</returns>
    public static SoakFindings? Judge(IReadOnlyList<Sample> samples, RunLedger ledger)
    {
        double[] moments = [.. samples.Select(s => s.Seconds).Distinct().Order()];
        if (moments.Length < Quarters)
            return null;
        var quarter = moments.Length / Quarters;
        Sample[] first = [.. samples.Where(s => s.Seconds <= moments[quarter - 1])];
        Sample[] last = [.. samples.Where(s => s.Seconds >= moments[^quarter])];
        return new SoakFindings
        {
            Moments = moments.Length,
            ResidentBytes = OfSilos(s => s.ResidentBytes),
            HeapBytes = OfSilos(s => s.HeapBytes),
            Handles = OfSilos(s => s.Handles),
            Threads = OfSilos(s => s.Threads),
            Activations = OfSilos(s => s.Activations),
            Timers = OfSilos(s => s.Timers),
            JournalBytes = OfSilos(s => s.JournalBytes),
            RedisKeys = Of(s => s.RedisKeys),
            RedisMemoryBytes = Of(s => s.RedisMemoryBytes),
            SubmitP99Ms = Submits(ledger),
        };

        SoakFigure? Of(Func<Sample, long?> figure) => SoakFigure.Of(Median(first, figure), Median(last, figure));

        SoakFigure? OfSilos(Func<Sample, long?> figure) => Of(s => s.Process == Sample.Redis ? null : figure(s));
    }

    private static double? Median(Sample[] samples, Func<Sample, long?> figure) =>
        Statistics.Median(samples.Select(figure).OfType<long>().Select(value => (double)value));

    /// <summary>In the quarters of the time in which samples are taken.</summary>
    private static SoakFigure? Submits(RunLedger ledger)
    {
        if (!ledger.Phases.TryGetValue(ChaosPhase.Fault, out var from) || !ledger.Phases.TryGetValue(ChaosPhase.Settling, out var until))
            return null;
        var quarter = (until - from) / Quarters;
        return SoakFigure.Of(SubmitP99Ms(ledger, from, from + quarter), SubmitP99Ms(ledger, until - quarter, until));
    }

    private static double? SubmitP99Ms(RunLedger ledger, DateTimeOffset from, DateTimeOffset until) => Statistics.Percentile(
        ledger.SubmittedIn(from, until)
            .Where(t => t.Answer == SubmitAnswer.Acknowledged && IsCalm(ledger, t.SubmittedAt!.Value, t.AnsweredAt!.Value))
            .Select(t => (t.AnsweredAt!.Value - t.SubmittedAt!.Value).TotalMilliseconds),
        0.99);

    /// <summary>Where a run has several faults they are in the ledger one by one; else its one fault is a phase.</summary>
    private static bool IsCalm(RunLedger ledger, DateTimeOffset from, DateTimeOffset until)
    {
        if (ledger.Faults.Count > 0)
            return ledger.Faults.TrueForAll(f => until < f.From || f.Until + Aftermath <= from);
        return !ledger.Phases.TryGetValue(ChaosPhase.Recovery, out var healed) || healed + Aftermath <= from;
    }
}
