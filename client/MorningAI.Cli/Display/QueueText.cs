using System.Globalization;
using MorningAI.Cli.Silos;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MorningAI.Cli.Display;

/// <summary>Queues, and why they wait, in words.</summary>
internal static class QueueText
{
    public static IRenderable Table(IReadOnlyList<QueueStandingView> queues, TimeZoneInfo zone)
    {
        if (queues.Count == 0)
            return new Text("no queues yet: a queue appears with its first task");
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in (string[])["queue", "ready", "held back", "scheduled", "with workers", "workers", "partitions", "note"])
            table.AddColumn(new TableColumn(new Text(column)));
        foreach (var queue in queues)
        {
            table.AddRow(
                Cell(queue.Queue),
                Cell(Number(queue.Ready)),
                Cell(Number(queue.HeldBack)),
                Cell(Number(queue.Scheduled)),
                Cell(Number(queue.Assigned)),
                Cell(Number(queue.Workers)),
                Cell(Number(queue.Partitions)),
                Cell(Note(queue.Paused, queue.Draining, zone)));
        }

        return table;
    }

    /// <summary>What holds of it, on one line.</summary>
    public static string Standing(QueueControlView control, TimeZoneInfo zone) =>
        $"Queue {Plain.Line(control.Queue)}: {Note(control.Paused, control.Draining, zone) ?? "runs"}";

    /// <summary>A line each.</summary>
    public static IEnumerable<string> Explanation(ExplanationView explanation)
    {
        if (explanation.TaskId is { } task)
            yield return $"Task {Plain.Line(task)}: {Plain.Line(explanation.Status)}";
        if (explanation.Queue is { } queue)
            yield return $"Queue {Plain.Line(queue)}: {Number(explanation.Ready ?? 0)} ready, {Number(explanation.HeldBack ?? 0)} held back, {Number(explanation.Scheduled ?? 0)} scheduled, {Number(explanation.Assigned ?? 0)} with workers";
        foreach (var reason in explanation.Reasons)
            yield return $"  {reason.Code,-15} {Plain.Line(reason.Text)}";
    }

    private static string? Note(DecisionView? paused, DecisionView? draining, TimeZoneInfo zone)
    {
        var notes = new[] { Said("paused", paused, zone), Said("takes nothing new", draining, zone) }.OfType<string>();
        return string.Join("; ", notes) is { Length: > 0 } note ? note : null;
    }

    private static string? Said(string what, DecisionView? decision, TimeZoneInfo zone) => decision is null
        ? null
        : $"{what} since {TimeZoneInfo.ConvertTime(decision.At, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}{(decision.By is { } by ? $" by {by}" : "")}{(decision.Reason is { } reason ? $": {reason}" : "")}";

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static Text Cell(string? text) => new(Plain.Line(text));
}
