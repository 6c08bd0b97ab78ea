using System.Globalization;
using MorningAI.Cli.Silos;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MorningAI.Cli.Display;

/// <summary>Schedules in words.</summary>
internal static class ScheduleText
{
    public static IRenderable Table(IReadOnlyList<ScheduleView> schedules, TimeZoneInfo zone)
    {
        if (schedules.Count == 0)
            return new Text("no schedules: 'morningai schedule add' makes one");
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in (string[])["schedule", "cron", "zone", "kind", "next due", "last due", "fired", "last task", "note"])
            table.AddColumn(new TableColumn(new Text(column)));
        foreach (var schedule in schedules)
        {
            table.AddRow(
                Cell(schedule.Name),
                Cell(schedule.Cron),
                Cell(schedule.Zone),
                Cell(schedule.Kind),
                Cell(schedule.Paused ? "paused" : Moment(schedule.NextDue, zone) ?? "never"),
                Cell(Moment(schedule.LastDue, zone)),
                Cell(schedule.Fired.ToString(CultureInfo.InvariantCulture)),
                Cell(schedule.LastTask),
                Cell(Note(schedule)));
        }

        return table;
    }

    /// <summary>What it does next, on one line.</summary>
    public static string Standing(ScheduleView schedule, TimeZoneInfo zone) => schedule.Paused
        ? $"Schedule {Plain.Line(schedule.Name)}: paused{(schedule.PausedBy is { } by ? $" by {Plain.Line(by)}" : "")}"
        : $"Schedule {Plain.Line(schedule.Name)}: {(Moment(schedule.NextDue, zone) is { } due ? $"next due {due}" : "never due again")}";

    private static string? Note(ScheduleView schedule) => schedule switch
    {
        { LastFault: { } fault } => fault,
        { Paused: true, PausedBy: { } by } => $"paused by {by}",
        { Overlapped: > 0 } => $"{schedule.Overlapped} passed over while the task before ran",
        _ => null,
    };

    private static Text Cell(string? text) => new(Plain.Line(text));

    private static string? Moment(DateTimeOffset? moment, TimeZoneInfo zone) => moment is { } at
        ? TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : null;
}
