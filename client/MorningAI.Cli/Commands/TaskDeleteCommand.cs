using System.CommandLine;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task delete</c> and <c>deadletter delete</c>: takes away all that tasks that have ended hold.</summary>
internal static class TaskDeleteCommand
{
    /// <param name="only">The one state that the command is for; null for any that is an end.</param>
    public static Command Create(Terminal terminal, TaskState? only = null)
    {
        var command = new Command("delete", $"Deletes a {(only is null ? "task that has ended" : "dead letter")}, or all that filters leave: payload, result, history and log.");
        var bulk = new TaskBulk(command, terminal, "delete", "deleted", only);
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var one = bulk.One(parsed);
            using var api = await silo.Connect(parsed, cancellationToken);
            if (one is not { } id)
                return await bulk.Run(api, parsed, cancellationToken);
            terminal.Out.WriteLine($"{(await api.Delete(id, cancellationToken)).Value.Deleted} deleted");
            return ExitCode.Ok;
        });
        return command;
    }
}
