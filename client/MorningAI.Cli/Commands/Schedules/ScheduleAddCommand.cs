using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands.Schedules;

/// <summary><c>morningai schedule add</c>: makes a schedule, or changes the one of that name.</summary>
internal static class ScheduleAddCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = ScheduleCommand.Name();
        var kind = new Argument<TaskKind>("KIND") { Description = "What its tasks are to do: the name of a handler.", CustomParser = ArgumentText.As(TaskKind.Parse) };
        var cron = new Option<string>("--cron") { HelpName = "CRON", Required = true, Description = "Minute, hour, day, month, weekday, as in '30 4 * * MON-FRI'; six fields with seconds first; or @hourly and the like." };
        var zone = new Option<string?>("--zone") { HelpName = "ZONE", Description = "The IANA time zone that --cron is read in, as in Europe/Berlin. Default: UTC" };
        var payload = new Option<string?>("--payload") { HelpName = "JSON|@FILE|@-", Description = "The handler's input. Default: {}" };
        var queue = new Option<QueueName?>("--queue") { HelpName = "QUEUE", Description = "Default: the kind's own.", CustomParser = ArgumentText.As<QueueName?>(text => QueueName.Parse(text)) };
        var priority = new Option<TaskPriority?>("--priority") { HelpName = "P0..P3", Description = "P0 goes first. Default: P2", CustomParser = ArgumentText.As<TaskPriority?>(text => ArgumentText.Priority(text)) };
        var timeout = new Option<TimeSpan?>("--timeout") { HelpName = "DURATION", Description = "The limit for one attempt: 30s, 5m, 2h or seconds. Default: the handler's own", CustomParser = ArgumentText.As<TimeSpan?>(text => ArgumentText.Duration(text)) };
        var misfire = Choice("--misfire", "What becomes of due times that were missed by more than a minute: fire once for all, all of them (at most 100), or skip them. Default: once", "once", "all", "skip");
        var overlap = Choice("--overlap", "Fire while the task before has not ended: allow, or skip. Default: allow", "allow", "skip");
        var json = Shared.Json("Print the schedule as one JSON object.");
        var command = new Command("add", "Makes a schedule, or changes the one of that name.") { name, kind, cron, zone, payload, queue, priority, timeout, misfire, overlap, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var body = new ScheduleBody(
                parsed.GetValue(cron)!,
                parsed.GetValue(zone),
                parsed.GetValue(kind).Value,
                await Payload.Read(parsed.GetValue(payload), terminal, cancellationToken),
                parsed.GetValue(queue)?.Value,
                parsed.GetValue(priority)?.ToString(),
                parsed.GetValue(timeout)?.TotalSeconds,
                parsed.GetValue(misfire),
                parsed.GetValue(overlap));
            using var api = await silo.Connect(parsed, cancellationToken);
            var schedule = await api.PutSchedule(parsed.GetValue(name), body, cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(schedule.Json) : ScheduleText.Standing(schedule.Value, terminal.Time.LocalTimeZone));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Option<string?> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { HelpName = string.Join('|', words), Description = description };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
