using System.Globalization;
using System.Text;
using MorningAI.Storage.Journaling;

namespace MorningAI.Cli.Display;

/// <summary>A journal for people.</summary>
internal static class JournalText
{
    private const int ShownBytes = 60;

    public static string Describe(JournalReport report)
    {
        var stats = report.Stats;
        var text = new StringBuilder();
        Line(text, "journal", Plain.Line(report.Path));
        Line(text, "of", Plain.Line($"cluster {report.Identity.ClusterId}, service {report.Identity.ServiceId}"));
        Line(text, "records", Number(stats.Records));
        Line(text, "waiting", stats.OldestWaiting is { } oldest ? $"{Number(stats.Waiting)} for the store, the oldest for {OverviewText.Age(oldest)}" : "none: the store has everything");
        Line(text, "on disk", $"{Size(stats.FileBytes)} and {Size(stats.WalBytes)} in the write-ahead log");
        Line(text, "quarantine", stats.Quarantined == 0 ? "empty" : $"{Number(stats.Quarantined)}: see morningai journal quarantine");
        foreach (var file in stats.SetAside)
            Line(text, "set aside", Plain.Line($"{file} (damaged)"));
        return text.ToString().TrimEnd();
    }

    public static string Describe(QuarantineEntry entry) => Plain.Line(string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}  {entry.Key}  {entry.Bytes.Length} bytes  {entry.Reason}  {Begin(entry.Bytes)}"));

    /// <summary>A word and up to three digits: 12 KiB, 3.4 MiB.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        double size = bytes;
        for (; size >= 1000 && unit < units.Length - 1; unit++)
            size /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{(size >= 10 || unit == 0 ? Math.Round(size) : Math.Round(size, 1))} {units[unit]}");
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name.PadRight(12)).Append(value).Append('\n');

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Begin(byte[] bytes)
    {
        var text = string.Concat(bytes.Take(ShownBytes).Select(b => b is >= 0x20 and < 0x7f ? (char)b : '.'));
        return bytes.Length > ShownBytes ? text + "…" : text;
    }
}
