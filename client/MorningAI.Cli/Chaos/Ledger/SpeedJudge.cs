namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>How fast it was, phase by phase.</summary>
internal sealed class SpeedJudge(RunLedger ledger)
{
    /// <summary>A submit of the fault's last second may be answered after it: such ones say nothing.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    /// <summary>The fraction of submits that were acknowledged while the fault lasted: an answer that had to wait for the heal is none.</summary>
    public double? OkDuringFault()
    {
        if (Window(ChaosPhase.Fault, ChaosPhase.Heal) is not var (began, healed))
            return null;
        var length = healed - began;
        var counted = ledger.SubmittedIn(began, healed - (AnswerTime < length / 2 ? AnswerTime : length / 2)).ToArray();
        return counted.Length == 0
            ? null
            : (double)counted.Count(t => t.Answer == SubmitAnswer.Acknowledged && t.AnsweredAt < healed) / counted.Length;
    }

    /// <summary>Of acknowledged submits only, by when they began.</summary>
    public double? SubmitP99Ms(ChaosPhase from, ChaosPhase until)
    {
        if (Window(from, until) is not var (began, ended))
            return null;
        var times = ledger.SubmittedIn(began, ended)
            .Where(t => t.Answer == SubmitAnswer.Acknowledged)
            .Select(t => (t.AnsweredAt!.Value - t.SubmittedAt!.Value).TotalMilliseconds)
            .Order()
            .ToArray();
        return times.Length == 0 ? null : times[(int)Math.Ceiling(times.Length * 0.99) - 1];
    }

    public double? ThroughputDuringFault() => Throughput(ChaosPhase.Normal, ChaosPhase.Fault) is > 0 and var normal
        ? Throughput(ChaosPhase.Fault, ChaosPhase.Heal) / normal
        : null;

    /// <summary>Tasks finished a second: at the system's own time, and only those that stayed finished.</summary>
    public double Throughput(ChaosPhase from, ChaosPhase until) =>
        Window(from, until) is var (began, ended) && ended > began
            ? ledger.Tasks.Values.Count(t => t.Final is { Succeeded: true } final && final.FinishedAt >= began && final.FinishedAt < ended) / (ended - began).TotalSeconds
            : 0;

    private (DateTimeOffset From, DateTimeOffset Until)? Window(ChaosPhase from, ChaosPhase until) =>
        ledger.Phases.TryGetValue(from, out var began) && ledger.Phases.TryGetValue(until, out var ended) ? (began, ended) : null;
}
