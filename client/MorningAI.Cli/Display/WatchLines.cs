using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Display;

/// <summary>What happens to a task on standard output, each line once, as it comes, with the text that its handler streams.</summary>
internal sealed class WatchLines(Terminal terminal) : TaskScreen
{
    private readonly HistoryTail _history = new();
    private TaskAdvance? _advance;
    private bool _inText; // the cursor is behind a text that has not ended its line
    private bool _streams;

    /// <summary>For a silo that has no events.</summary>
    public void Write(TaskView task)
    {
        foreach (var moment in _history.Next(task.History))
            Line(TaskText.HistoryLine(moment, terminal.Time.LocalTimeZone));
        if (task is { Progress: { } progress, HasEnded: false } && progress != _advance)
            Line($"  {TaskText.Advance(progress)}");
        _advance = task.Progress;
    }

    public void Line(string line)
    {
        EndText();
        terminal.Out.WriteLine(line);
    }

    /// <summary>What comes next begins a line.</summary>
    public void EndText()
    {
        if (_inText)
            terminal.Out.WriteLine();
        _inText = false;
    }

    protected override void OnState(TaskMoment moment)
    {
        _streams = false;
        Line(TaskText.HistoryLine(moment, terminal.Time.LocalTimeZone));
    }

    protected override void OnProgress(ProgressView progress)
    {
        // Where the text itself is to be seen, its length would only tear it apart.
        if (!_streams)
            Line($"  {TaskText.Advance(new TaskAdvance(progress.Fraction, progress.Message))}");
    }

    protected override void OnLog(LogLineView line) => Line($"  {TaskText.LogLine(line, terminal.Time.LocalTimeZone)}");

    protected override void OnLogDropped(int lines) => Line($"  {TaskText.Dropped(lines)}");

    protected override void OnText(string text)
    {
        _streams = true;
        _inText = !text.EndsWith('\n');
        terminal.Out.Write(Plain.Lines(text));
        terminal.Out.Flush();
    }

    protected override void OnRestart() => Line("  (the text begins anew)");
}
