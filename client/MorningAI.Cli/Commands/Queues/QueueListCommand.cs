using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands.Queues;

/// <summary><c>morningai queue list</c>: all queues by name.</summary>
internal static class QueueListCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Shared.Json("Print one JSON object with all of them.");
        var command = new Command("list", "Lists all queues.") { json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var queues = await api.ListQueues(cancellationToken);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(SiloJson.Line(queues.Json));
            else
                terminal.OutConsole().Write(QueueText.Table(queues.Value.Queues, terminal.Time.LocalTimeZone));
            return ExitCode.Ok;
        });
        return command;
    }
}
