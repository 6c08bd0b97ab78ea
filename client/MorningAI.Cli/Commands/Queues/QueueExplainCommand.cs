using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands.Queues;

/// <summary><c>morningai queue explain</c>: why its tasks wait.</summary>
internal static class QueueExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = QueueCommand.Name();
        var json = Shared.Json("Print the reasons as one JSON object.");
        var command = new Command("explain", "Says why a queue's tasks wait, with the numbers.") { name, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            Shared.Print(await api.Explain(parsed.GetValue(name), cancellationToken), parsed.GetValue(json), terminal, QueueText.Explanation);
            return ExitCode.Ok;
        });
        return command;
    }
}
