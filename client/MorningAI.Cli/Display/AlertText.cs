using System.Globalization;
using MorningAI.Cli.Silos;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MorningAI.Cli.Display;

/// <summary>Alerts in words.</summary>
internal static class AlertText
{
    public static IRenderable Table(IReadOnlyList<AlertView> alerts, TimeZoneInfo zone)
    {
        if (alerts.Count == 0)
            return new Text("no alerts");
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in (string[])["alert", "severity", "since", "over at", "seen by", ""])
            table.AddColumn(new TableColumn(new Text(column)));
        foreach (var alert in alerts)
        {
            table.AddRow(
                Cell(alert.Id),
                Cell(alert.Severity),
                Cell(Moment(alert.Since, zone)),
                Cell(Moment(alert.ResolvedAt, zone)),
                Cell(alert.AcknowledgedAt is null ? null : alert.AcknowledgedBy ?? "somebody"),
                Cell(alert.Text));
        }

        return table;
    }

    /// <summary>On one line, for the head of a screen.</summary>
    public static string Line(AlertView alert) =>
        $"ALERT {Plain.Line(alert.Id)}{(alert.AcknowledgedAt is null ? "" : $" (seen by {Plain.Line(alert.AcknowledgedBy ?? "somebody")})")}: {Plain.Line(alert.Text)}";

    private static Text Cell(string? text) => new(Plain.Line(text));

    private static string? Moment(DateTimeOffset? moment, TimeZoneInfo zone) => moment is { } at
        ? TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : null;
}
