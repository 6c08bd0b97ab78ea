using System.Globalization;
using System.Text;
using MorningAI.Diagnosis;

namespace MorningAI.Cli.Display;

/// <summary>Where the time goes, for people.</summary>
internal static class LatencyText
{
    public static string Describe(LatencyReport report)
    {
        var text = new StringBuilder();
        text.Append(Plain.Line($"silo {report.Silo}, the last {report.Minutes} minutes")).Append("\n\n");
        Row(text, "", "count", "mean", "p50", "p99", "");
        foreach (var part in report.Parts.Concat(report.Details))
            Row(text, part.Name, part.Count.ToString(CultureInfo.InvariantCulture), Time(part.MeanMs), Time(part.P50Ms), Time(part.P99Ms), part.What);
        text.Append('\n').Append(Plain.Line(report.Largest is { } largest ? $"largest: {largest}. {report.Advice}" : report.Advice));
        return text.ToString();
    }

    /// <summary>Three digits and a unit: 850 µs, 12.3 ms, 4.1 s.</summary>
    public static string Time(double? ms) => ms switch
    {
        null => "",
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{ms * 1000:0} µs"),
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{ms:0.#} ms"),
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{ms:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000:0.#} s"),
    };

    private static void Row(StringBuilder text, string name, string count, string mean, string p50, string p99, string what) =>
        text.Append(Plain.Line($"{name,-12}{count,10}{mean,10}{p50,10}{p99,10}  {what}".TrimEnd())).Append('\n');
}
