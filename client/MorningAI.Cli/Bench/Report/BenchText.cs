using System.Globalization;

namespace MorningAI.Cli.Bench.Report;

/// <summary>What people read of a bench in a terminal.</summary>
internal static class BenchText
{
    public static string Of(BenchReport report)
    {
        var table = new List<IReadOnlyList<string>> { (string[])["median (min – max)", .. report.Systems.Keys] };
        table.AddRange(FigureRows.Of(report).Select(row => (IReadOnlyList<string>)[row.Says, .. row.Cells]));
        var bars = report.Ratios.Select(r => (IReadOnlyList<string>)[r.Key, FigureRows.Number(r.Value.Value), FigureRows.BarOf(r.Value), FigureRows.Verdict(r.Value), r.Value.Against is { } peer ? $"against {peer}" : ""]);
        return string.Join('\n',
        [
            string.Create(CultureInfo.InvariantCulture, $"{report.Number} tasks of {report.PayloadBytes} bytes, {report.Runs} run{(report.Runs == 1 ? "" : "s")} of each; {report.Machine}"),
            "",
            .. Lines(table),
            "",
            .. Lines([["ratio", "value", "bar", "", ""], .. bars]),
            .. report.Skipped.Select(s => $"skipped: {s.Key}: {s.Value}"),
        ]);
    }

    private static IEnumerable<string> Lines(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd());
    }
}
