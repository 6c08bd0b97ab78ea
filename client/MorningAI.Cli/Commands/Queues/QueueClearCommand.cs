using System.CommandLine;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands.Queues;

/// <summary><c>morningai queue clear</c>: cancels what waits. Broken off and begun again it goes on where it was.</summary>
internal static class QueueClearCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = QueueCommand.Name();
        var yes = new Option<bool>("--yes") { Description = "Do not ask whether that is meant." };
        var json = Shared.Json("Print one JSON object with how many were cancelled.");
        var command = new Command("clear", "Cancels every task that waits in a queue: ready, held back or scheduled. What runs goes on.") { name, yes, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var queue = parsed.GetValue(name);
            if (!parsed.GetValue(yes) && !await Shared.Confirm(terminal, $"Cancel every task that waits in the queue {queue}? This cannot be taken back.", cancellationToken))
                return ExitCode.BadInput;
            using var api = await silo.Connect(parsed, cancellationToken);
            QueueClearedView cleared;
            var cancelled = 0L;
            do
            {
                cleared = (await api.ClearQueue(queue, cancellationToken)).Value;
                cancelled += cleared.Cancelled;
                if (cleared.Left > 0)
                    terminal.Say($"{cancelled} cancelled, {cleared.Left} left…");
            }
            while (cleared is { Left: > 0, Cancelled: > 0 });
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(SiloJson.Line(System.Text.Json.JsonSerializer.SerializeToElement(cleared with { Cancelled = cancelled }, SiloJson.Default.QueueClearedView)));
            else
                terminal.Out.WriteLine($"Queue {queue}: {cancelled} tasks cancelled");
            return ExitCode.Ok;
        });
        return command;
    }
}
