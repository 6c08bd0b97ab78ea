using System.CommandLine;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task</c>: a list of them, or one by its id.</summary>
internal static class TaskCommand
{
    public static Command Create(Terminal terminal) => new("task", "Lists tasks; reads, follows, cancels or retries one.")
    {
        TaskListCommand.Create(terminal),
        TaskGetCommand.Create(terminal),
        TaskWatchCommand.Create(terminal),
        TaskCancelCommand.Create(terminal),
        TaskRetryCommand.Create(terminal),
    };
}
