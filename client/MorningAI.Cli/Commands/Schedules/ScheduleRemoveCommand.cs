using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands.Schedules;

/// <summary><c>morningai schedule remove</c>: the tasks that it made stay.</summary>
internal static class ScheduleRemoveCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = ScheduleCommand.Name();
        var json = Shared.Json("Print one JSON object.");
        var command = new Command("remove", "Removes a schedule; the tasks that it made stay.") { name, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var answer = await api.RemoveSchedule(parsed.GetValue(name), cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(answer.Json) : $"Schedule {Plain.Line(answer.Value.Removed)}: removed");
            return ExitCode.Ok;
        });
        return command;
    }
}
