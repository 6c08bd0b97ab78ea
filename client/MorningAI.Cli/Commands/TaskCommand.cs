using System.CommandLine;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task</c>: a list of them, or one by its id.</summary>
internal static class TaskCommand
{
    public static Command Create(Terminal terminal) => new("task", "Lists tasks; reads, explains or follows one; cancels, retries or deletes one or many.")
    {
        TaskListCommand.Create(terminal),
        TaskGetCommand.Create(terminal),
        TaskPayloadCommand.Create(terminal),
        TaskExplainCommand.Create(terminal),
        TaskWatchCommand.Create(terminal),
        TaskCancelCommand.Create(terminal),
        TaskRetryCommand.Create(terminal),
        TaskDeleteCommand.Create(terminal),
    };
}
