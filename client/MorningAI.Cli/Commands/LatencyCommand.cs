using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai latency</c>: where the time of a silo's tasks goes.</summary>
internal static class LatencyCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Shared.Json("Print one JSON object.");
        var command = new Command("latency", "Shows where a task's time went on one silo in the last minutes: waiting, execution, store; and what to do about the largest.") { json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var latency = await api.GetLatency(cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(latency.Json) : LatencyText.Describe(latency.Value));
            return ExitCode.Ok;
        });
        return command;
    }
}
