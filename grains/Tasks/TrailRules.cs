using System.Collections.Immutable;

namespace MorningAI.Tasks;

/// <summary>How a task's log grows, within its bounds: lines in order, each once, the oldest give way.</summary>
internal static class TrailRules
{
    public static TaskTrail Add(TaskTrail? trail, AttemptSaid said)
    {
        trail ??= new TaskTrail();
        var known = trail.Lines;
        // Nearly always they follow: only an attempt's repeat of its lines, to a task that was loaded anew, has some in between.
        var next = known.IsEmpty ? trail.LastDropped : known[^1].Mark;
        var lines = said.Lines.All(line => line.Mark > next)
            ? known.AddRange(said.Lines)
            : [.. known.Concat(said.Lines).Where(line => line.Mark > trail.LastDropped).DistinctBy(line => line.Mark).OrderBy(line => line.Mark)];
        if (said.Dropped > 0 && said.Lines is [var first, ..])
        {
            var before = first.Mark with { Ticks = first.Mark.Ticks - 1 };
            trail = trail with { Dropped = trail.Dropped + said.Dropped, LastDropped = before > trail.LastDropped && !known.Any(line => line.Mark > before) ? before : trail.LastDropped };
        }

        return Fit(trail, lines);
    }

    /// <summary>The number of a line of the history, from 1, also after lines before it made room.</summary>
    public static int PlaceOf(TaskRecord task, int index) =>
        index + 1 + (index < TaskRules.MaxHistory / 2 ? 0 : task.Trail?.HistoryDropped ?? 0);

    private static TaskTrail Fit(TaskTrail trail, ImmutableArray<TaskLogLine> lines)
    {
        var (count, characters) = (0, 0);
        while (count < lines.Length && count < TaskTrail.MaxLines && (characters += lines[lines.Length - 1 - count].Text.Length) <= TaskTrail.MaxCharacters)
            count++;
        if (count == lines.Length)
            return trail with { Lines = lines };
        var dropped = lines.Length - count;
        return trail with { Lines = lines.RemoveRange(0, dropped), Dropped = trail.Dropped + dropped, LastDropped = lines[dropped - 1].Mark };
    }
}
