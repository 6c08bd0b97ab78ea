using MorningAI.Cli.Silos;
using Spectre.Console;

namespace MorningAI.Cli.Display;

/// <summary>Shows on standard error how a task comes along: a status line on a terminal, else a line a change.</summary>
internal abstract class TaskDisplay
{
    public static Task<T> During<T>(Terminal terminal, string first, Func<TaskDisplay, Task<T>> work)
    {
        if (!terminal.ErrorIsInteractive)
        {
            terminal.Say(first);
            return work(new LineDisplay(terminal));
        }

        var console = terminal.ErrorConsole();
        return console.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(first), status => work(new StatusDisplay(console, status)));
    }

    public abstract void Show(TaskView task);

    public abstract void Notice(string line);

    /// <summary>A step before there is a task.</summary>
    public abstract void Step(string line);

    private sealed class LineDisplay(Terminal terminal) : TaskDisplay
    {
        private string? _shown;

        public override void Show(TaskView task)
        {
            var line = TaskText.Standing(task);
            if (line != _shown)
                terminal.Say(line);
            _shown = line;
        }

        public override void Notice(string line) => terminal.Say(line);

        public override void Step(string line) => terminal.Say(line);
    }

    private sealed class StatusDisplay(IAnsiConsole console, StatusContext status) : TaskDisplay
    {
        public override void Show(TaskView task) => status.Status(Markup.Escape($"{task.TaskId} {TaskText.Standing(task)}"));

        public override void Notice(string line) => console.WriteLine(line);

        public override void Step(string line) => status.Status(Markup.Escape(line));
    }
}
