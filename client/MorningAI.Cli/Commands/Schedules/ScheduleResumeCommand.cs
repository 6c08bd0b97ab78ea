using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands.Schedules;

/// <summary><c>morningai schedule resume</c>: it comes due again; what the pause covered is not made up for.</summary>
internal static class ScheduleResumeCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = ScheduleCommand.Name();
        var json = Shared.Json("Print the schedule as one JSON object.");
        var command = new Command("resume", "Lets a paused schedule come due again, from now on.") { name, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var answer = await api.ResumeSchedule(parsed.GetValue(name), cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(answer.Json) : ScheduleText.Standing(answer.Value, terminal.Time.LocalTimeZone));
            return ExitCode.Ok;
        });
        return command;
    }
}
