using System.Globalization;
using System.Text;

namespace MorningAI.Cli.Bench.Report;

/// <summary>The report as a file to keep: with machine, versions and settings, so that it can be repeated.</summary>
internal static class BenchMarkdown
{
    public static string Of(BenchReport report)
    {
        var text = new StringBuilder("# Bench\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{report.Machine}.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{report.Number} no-op tasks a measure with a payload of {report.PayloadBytes} bytes, {report.Runs} runs of each system in turns, each on an empty Redis; warm-up not counted. Medians, smallest and largest in brackets. Took {report.Seconds:0} s.\n\n");
        Row(text, ["ratio", "value", "smallest – largest", "bar", "against", ""]);
        Row(text, Enumerable.Repeat("---", 6));
        foreach (var (name, ratio) in report.Ratios)
            Row(text, [name, FigureRows.Number(ratio.Value), ratio.Spread is { } s ? $"{FigureRows.Number(s.Min)} – {FigureRows.Number(s.Max)}" : "–", FigureRows.BarOf(ratio), ratio.Against ?? "itself", FigureRows.Verdict(ratio)]);
        text.Append('\n');
        Row(text, ["", .. report.Systems.Keys]);
        Row(text, Enumerable.Repeat("---", report.Systems.Count + 1));
        foreach (var (says, cells) in FigureRows.Of(report))
            Row(text, [says, .. cells]);
        text.Append("\n## Versions and settings\n\n");
        foreach (var (name, system) in report.Systems)
            text.Append(CultureInfo.InvariantCulture, $"- **{name}** {system.Version}: {string.Join("; ", system.Configuration)}\n");
        foreach (var (name, reason) in report.Skipped)
            text.Append(CultureInfo.InvariantCulture, $"- **{name}** was skipped: {reason}\n");
        return text.ToString();
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
