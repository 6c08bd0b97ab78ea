using System.Globalization;
using MorningAI.Cli.Silos;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MorningAI.Cli.Display;

/// <summary>Many tasks, a line each.</summary>
internal static class TaskListText
{
    public static IRenderable Table(IReadOnlyList<TaskLine> tasks, TimeZoneInfo zone)
    {
        if (tasks.Count == 0)
            return new Text("no such tasks");
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in (string[])["task", "kind", "state", "attempt", "created", "ended or due", "error"])
            table.AddColumn(new TableColumn(new Text(column)));
        foreach (var task in tasks)
        {
            table.AddRow(
                Cell(task.TaskId.ToString()),
                Cell(task.Kind),
                Cell(TaskText.Name(task.Status)),
                Cell(task.Attempt.ToString(CultureInfo.InvariantCulture)),
                Cell(Moment(task.CreatedAt, zone)),
                Cell(Moment(task.FinishedAt ?? task.DueAt, zone)),
                Cell(task.Error is { } error ? $"{error.Code}: {error.Message}" : null));
        }

        return table;
    }

    private static Text Cell(string? text) => new(Plain.Line(text));

    private static string? Moment(DateTimeOffset? moment, TimeZoneInfo zone) => moment is { } at
        ? TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        : null;
}
