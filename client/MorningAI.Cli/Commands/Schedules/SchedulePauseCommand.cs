using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands.Schedules;

/// <summary><c>morningai schedule pause</c>: it comes due no more until it is resumed.</summary>
internal static class SchedulePauseCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = ScheduleCommand.Name();
        var by = new Option<string?>("--by") { HelpName = "WHO", Description = "Who pauses it, for others to see. Default: this user" };
        var json = Shared.Json("Print the schedule as one JSON object.");
        var command = new Command("pause", "Lets a schedule come due no more until it is resumed.") { name, by, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var answer = await api.PauseSchedule(parsed.GetValue(name), parsed.GetValue(by) ?? terminal.Setting("USER"), cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(answer.Json) : ScheduleText.Standing(answer.Value, terminal.Time.LocalTimeZone));
            return ExitCode.Ok;
        });
        return command;
    }
}
