using System.CommandLine;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task</c>: one task, by its id.</summary>
internal static class TaskCommand
{
    public static Command Create(Terminal terminal) => new("task", "Reads, follows, cancels or retries one task.")
    {
        TaskGetCommand.Create(terminal),
        TaskWatchCommand.Create(terminal),
        TaskCancelCommand.Create(terminal),
        TaskRetryCommand.Create(terminal),
    };
}
