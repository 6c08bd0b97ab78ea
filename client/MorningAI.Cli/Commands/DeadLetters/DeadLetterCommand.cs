using System.CommandLine;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands.DeadLetters;

/// <summary><c>morningai deadletter</c>: tasks whose attempts are used up.</summary>
internal static class DeadLetterCommand
{
    public static Command Create(Terminal terminal) => new("deadletter", "Lists dead letters, tasks whose attempts are used up, has them done anew, deletes them.")
    {
        TaskListCommand.Create("list", "Lists dead letters, newest first. 'morningai task get ID' shows one with its history, 'task payload ID' what it was submitted with.", terminal, null, TaskState.Dead),
        DeadLetterRequeueCommand.Create(terminal),
        TaskDeleteCommand.Create(terminal, TaskState.Dead),
    };
}
