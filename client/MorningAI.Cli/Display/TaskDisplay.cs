using MorningAI.Cli.Silos;
using Spectre.Console;

namespace MorningAI.Cli.Display;

/// <summary>Shows on standard error how a task comes along: on a terminal a few lines that vanish at the end, with the text as it is written; else a line a change.</summary>
internal abstract class TaskDisplay : TaskScreen
{
    public static async Task<T> During<T>(Terminal terminal, string first, Func<TaskDisplay, Task<T>> work)
    {
        if (!terminal.ErrorIsInteractive)
        {
            terminal.Say(first);
            return await work(new LineDisplay(terminal));
        }

        var console = terminal.ErrorConsole();
        var writing = new WritingView(first, console.Profile.Width, terminal.Time);
        return await console.Live(writing).AutoClear(true).StartAsync(async live =>
        {
            await using var turning = terminal.Time.CreateTimer(_ => live.Refresh(), null, WritingView.Turn, WritingView.Turn);
            return await work(new LiveDisplay(console, live, writing));
        });
    }

    /// <summary>For a silo that has no events.</summary>
    public void Show(TaskView task) => Standing(TaskText.Standing(task));

    public abstract void Notice(string line);

    /// <summary>A step before there is a task.</summary>
    public abstract void Step(string line);

    protected abstract void Standing(string line);

    protected override void OnState(TaskMoment moment) => Standing(TaskText.Standing(moment));

    protected override void OnProgress(ProgressView progress) =>
        Standing($"running, attempt {progress.Attempt}, {TaskText.Advance(new TaskAdvance(progress.Fraction, progress.Message))}");

    protected override void OnLog(LogLineView line) => Notice($"{Plain.Line(line.Level)}: {Plain.Line(line.Text)}");

    protected override void OnLogDropped(int lines) => Notice(TaskText.Dropped(lines));

    private sealed class LineDisplay(Terminal terminal) : TaskDisplay
    {
        private string? _shown;

        public override void Notice(string line) => terminal.Say(line);

        public override void Step(string line) => terminal.Say(line);

        protected override void Standing(string line)
        {
            if (line != _shown)
                terminal.Say(line);
            _shown = line;
        }

        // A log has no use for half a text; the whole one is the result.
        protected override void OnText(string text)
        {
        }

        protected override void OnRestart()
        {
        }
    }

    private sealed class LiveDisplay(IAnsiConsole console, LiveDisplayContext live, WritingView writing) : TaskDisplay
    {
        public override void Notice(string line) => console.WriteLine(line);

        public override void Step(string line) => Standing(line);

        protected override void Standing(string line)
        {
            writing.Standing = line;
            live.Refresh();
        }

        protected override void OnText(string text)
        {
            writing.Add(text);
            live.Refresh();
        }

        protected override void OnRestart()
        {
            writing.Clear();
            live.Refresh();
        }
    }
}
