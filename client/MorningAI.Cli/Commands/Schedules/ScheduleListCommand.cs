using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;
using Spectre.Console;

namespace MorningAI.Cli.Commands.Schedules;

/// <summary><c>morningai schedule list</c>: all schedules by name.</summary>
internal static class ScheduleListCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Shared.Json("Print one JSON object with all of them.");
        var command = new Command("list", "Lists all schedules.") { json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            List<ScheduleView> all = [];
            string? after = null;
            do
            {
                var page = (await api.ListSchedules(after, cancellationToken)).Value;
                all.AddRange(page.Schedules);
                after = page.Next;
            }
            while (after is not null);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(SiloJson.Line(new ScheduleListView(all, null)));
            else
                terminal.OutConsole().Write(ScheduleText.Table(all, terminal.Time.LocalTimeZone));
            return ExitCode.Ok;
        });
        return command;
    }
}
