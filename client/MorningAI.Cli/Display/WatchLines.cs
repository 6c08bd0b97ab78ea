using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Display;

/// <summary>A task's history and progress on standard output, each line once, as they come.</summary>
internal sealed class WatchLines(Terminal terminal)
{
    private readonly HistoryTail _history = new();
    private TaskAdvance? _advance;

    public void Write(TaskView task)
    {
        foreach (var moment in _history.Next(task.History))
            terminal.Out.WriteLine(TaskText.HistoryLine(moment, terminal.Time.LocalTimeZone));
        if (task is { Progress: { } progress, HasEnded: false } && progress != _advance)
            terminal.Out.WriteLine($"  {TaskText.Advance(progress)}");
        _advance = task.Progress;
    }
}
