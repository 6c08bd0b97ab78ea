using System.Globalization;
using MorningAI.Cli.Chaos.Load;
using MorningAI.Cli.Chaos.Mixed;
using MorningAI.Cli.Chaos.Soak;

namespace MorningAI.Cli.Chaos;

/// <summary>What people read of a run.</summary>
internal static class ChaosText
{
    public static string Progress(LoadCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Submitted} submitted, {counts.Acknowledged} acknowledged, {counts.Refused} refused, {counts.Uncertain} uncertain, {counts.Waiting} waiting; {counts.Executed} executed, {counts.Finished} seen finished");

    public static string Summary(ChaosReport report) => string.Join('\n',
    [
        $"{report.Fault}: {(report.Passed ? "passed" : "FAILED")}",
        Line("fault", $"{(report.FaultHappened ? "happened" : "did not happen")}: {report.FaultEvidence}"),
        Line("submits", $"{report.Submitted}: {report.Acknowledged} acknowledged ({report.AcknowledgedByDurability.Redis} redis, {report.AcknowledgedByDurability.Journal} journal), {report.Refused} refused, {report.Uncertain} uncertain"),
        Line("completed", $"{report.Completed}; {report.Lost} lost, {report.ExecutedAgainAfterCompletion} run again after completion, {report.StaleCompletionsAccepted} stale completions, {report.StepsRepeated} steps repeated"),
        Line("meanwhile", $"{Percent(report.OkDuringFault)} acknowledged, throughput {Percent(report.ThroughputDuringFault)} of {report.NormalThroughput:0} tasks/s, submit p99 {Number(report.SubmitP99MsDuringFault)} ms (normal {Number(report.SubmitP99MsNormal)} ms)"),
        Line("afterwards", $"every silo at work after {Number(report.SecondsToResume)} s"),
        Line("cluster", $"{report.Clusters} in the end; a death was known after {Number(report.SecondsToDetect)} s, {report.SilosRestarted} silos started again"),
        Line("reminders", $"{report.RemindersDue} due; {report.RemindersMissed} missed, {report.RemindersDoubled} doubled"),
        .. Mixed(report.Mixed),
        .. Soak(report.Soak),
        .. report.Failures.Select(failure => Line("broken", $"{failure}")),
    ]);

    private static IEnumerable<string> Mixed(MixedFindings? mixed) => mixed is null
        ? []
        : [Line("mixed", $"{string.Join(", ", mixed.Acknowledged.Select(a => FormattableString.Invariant($"{a.Value} {a.Key}")))}; late by {Number(mixed.SecondsLate)} s at most, outside of faults")];

    private static IEnumerable<string> Soak(SoakFindings? soak) => soak is null
        ? []
        : [Line("soak", $"last quarter by first of {soak.Moments} samples: {string.Join(", ", soak.Figures.Select(f => $"{f.Name} {Number(f.Figure?.Ratio)}"))}")];

    private static string Line(string name, FormattableString text) => string.Create(CultureInfo.InvariantCulture, $"  {name,-11}{FormattableString.Invariant(text)}");

    private static string Percent(double? fraction) => fraction is { } f ? f.ToString("P0", CultureInfo.InvariantCulture) : "-";

    private static string Number(double? value) => value is { } v ? v.ToString("0.##", CultureInfo.InvariantCulture) : "-";
}
