using System.Globalization;
using System.Text;
using System.Text.Json;
using MorningAI.Cli.Silos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Display;

/// <summary>A task in words.</summary>
internal static class TaskText
{
    /// <summary>All that is known of it, many lines.</summary>
    public static string Describe(TaskView task, TimeZoneInfo zone)
    {
        var text = new StringBuilder().Append(task.TaskId).Append('\n');
        Add("kind", task.Kind);
        Add("state", Name(task.Status));
        Add("queue", task.Priority is null ? task.Queue : $"{task.Queue}, {task.Priority}");
        Add("attempt", task.Attempt.ToString(CultureInfo.InvariantCulture));
        Add("progress", task is { Progress: { } progress, HasEnded: false } ? Advance(progress) : null);
        Add("error", task.Error is { } error ? Fault(error) : null);
        Add("degraded", task.Degraded);
        Add("created", Moment(task.CreatedAt, zone));
        Add("due", task.DueAt is { } due ? Moment(due, zone) : null);
        Add("deadline", task.Deadline is { } deadline ? Moment(deadline, zone) : null);
        Add("started", task.StartedAt is { } started ? Moment(started, zone) : null);
        Add("finished", task.FinishedAt is { } finished ? Moment(finished, zone) : null);
        Add("trace", task.TraceId);
        if (task.History.Count > 0)
            text.Append("\nhistory\n");
        foreach (var moment in task.History)
            text.Append("  ").Append(HistoryLine(moment, zone)).Append('\n');
        if (task.Log.Count > 0)
            text.Append("\nlog\n");
        if (task.LogDropped is > 0 and var dropped)
            text.Append("  ").Append(Dropped(dropped)).Append('\n');
        foreach (var line in task.Log)
            text.Append("  ").Append(LogLine(line, zone)).Append('\n');
        if (HasResult(task, out var result))
            text.Append("\nresult\n").Append(SiloJson.Indented(result)).Append('\n');
        return text.ToString();

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
                text.Append(CultureInfo.InvariantCulture, $"  {name,-9} {Plain.Line(value)}\n");
        }
    }

    public static string HistoryLine(TaskMoment moment, TimeZoneInfo zone)
    {
        var attempt = moment.Attempt > 0 ? $", attempt {moment.Attempt}" : "";
        var note = string.IsNullOrEmpty(moment.Note) ? "" : $": {Plain.Line(moment.Note)}";
        return $"{Moment(moment.At, zone)}  {Name(moment.Status)}{attempt}{note}";
    }

    public static string LogLine(LogLineView line, TimeZoneInfo zone) =>
        $"{Moment(line.At, zone)}  {Plain.Line(line.Level)}, attempt {line.Attempt}: {Plain.Line(line.Text)}";

    public static string Dropped(int lines) => $"… {lines} earlier line{(lines == 1 ? " is" : "s are")} no longer kept";

    /// <summary>Where a line of the history leaves it, on one line.</summary>
    public static string Standing(TaskMoment moment) => moment switch
    {
        { Status: TaskState.Running } => $"running, attempt {moment.Attempt}",
        { Note: { Length: > 0 } note } => $"{Name(moment.Status)}: {Plain.Line(note)}",
        _ => Name(moment.Status),
    };

    /// <summary>Where it stands, on one line.</summary>
    public static string Standing(TaskView task) => task switch
    {
        { Status: TaskState.Running, Progress: { } progress } => $"running, attempt {task.Attempt}, {Advance(progress)}",
        { Status: TaskState.Running } => $"running, attempt {task.Attempt}",
        { HasEnded: false, History: [.., { Note: { Length: > 0 } note }] } => $"{Name(task.Status)}: {Plain.Line(note)}",
        _ => Name(task.Status),
    };

    /// <summary>Why a task that ended did not succeed.</summary>
    public static string Ending(TaskView task) =>
        $"Task {task.TaskId} {(task.Status is TaskState.Dead ? "is dead: every attempt was used up" : Name(task.Status))}{(task.Error is { } error ? $". {Fault(error)}" : "")}";

    public static string Advance(TaskAdvance progress) =>
        $"{Math.Clamp(progress.Fraction, 0, 1) * 100:0} %{(string.IsNullOrEmpty(progress.Message) ? "" : " " + Plain.Line(progress.Message))}";

    public static string Name(TaskState state) => state.ToString().ToLowerInvariant();

    public static bool HasResult(TaskView task, out JsonElement result)
    {
        result = task.Result.GetValueOrDefault();
        return task.Result is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };
    }

    private static string Fault(TaskFault error) => $"{Plain.Line(error.Code)}: {Plain.Line(error.Message)}";

    private static string Moment(DateTimeOffset moment, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
