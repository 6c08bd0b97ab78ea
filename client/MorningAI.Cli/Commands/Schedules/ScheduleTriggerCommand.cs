using System.CommandLine;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands.Schedules;

/// <summary><c>morningai schedule trigger</c>: fires it once by hand; prints the task's id.</summary>
internal static class ScheduleTriggerCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = ScheduleCommand.Name();
        var json = Shared.Json("Print the receipt as one JSON object.");
        var command = new Command("trigger", "Fires a schedule once by hand, also while it is paused; prints the task's id.") { name, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var answer = await api.TriggerSchedule(parsed.GetValue(name), cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(answer.Json) : answer.Value.TaskId.ToString());
            return ExitCode.Ok;
        });
        return command;
    }
}
