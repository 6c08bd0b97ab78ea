using System.CommandLine;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task payload</c>: what a task was submitted with, for a look at a dead letter, or to submit it again changed.</summary>
internal static class TaskPayloadCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = Shared.TaskId();
        var command = new Command("payload", "Prints what a task was submitted with, as one line of JSON. '| morningai submit KIND --payload @-' submits the same again.") { id };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            terminal.Out.WriteLine(SiloJson.Line((await api.GetPayload(parsed.GetValue(id), cancellationToken)).Json));
            return ExitCode.Ok;
        });
        return command;
    }
}
