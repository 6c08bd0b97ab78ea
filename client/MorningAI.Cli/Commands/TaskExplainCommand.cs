using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task explain</c>: why it waits.</summary>
internal static class TaskExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = Shared.TaskId();
        var json = Shared.Json("Print the reasons as one JSON object.");
        var command = new Command("explain", "Says why a task waits, with the numbers.") { id, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            Shared.Print(await api.Explain(parsed.GetValue(id), cancellationToken), parsed.GetValue(json), terminal, QueueText.Explanation);
            return ExitCode.Ok;
        });
        return command;
    }
}
