using System.CommandLine;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands.DeadLetters;

/// <summary><c>morningai deadletter</c>: tasks whose attempts are used up.</summary>
internal static class DeadLetterCommand
{
    public static Command Create(Terminal terminal) => new("deadletter", "Lists dead letters, tasks whose attempts are used up, and has them done anew.")
    {
        TaskListCommand.Create("list", "Lists dead letters, newest first. 'morningai task get ID' shows one with its history.", terminal, null, TaskState.Dead),
        DeadLetterRequeueCommand.Create(terminal),
    };
}
