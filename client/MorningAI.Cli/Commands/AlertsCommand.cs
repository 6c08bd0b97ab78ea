using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai alerts</c>: what somebody should know of; <c>alerts ack</c>: that somebody does.</summary>
internal static class AlertsCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Shared.Json("Print one JSON object with all of them.");
        var command = new Command("alerts", "Lists alerts: the open ones first, then those of the last day.") { json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var alerts = await api.ListAlerts(cancellationToken);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(SiloJson.Line(alerts.Json));
            else
                terminal.OutConsole().Write(AlertText.Table(alerts.Value.Alerts, terminal.Time.LocalTimeZone));
            return ExitCode.Ok;
        });
        command.Add(Acknowledge(terminal));
        return command;
    }

    private static Command Acknowledge(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The alert's id, as 'morningai alerts' shows it." };
        var by = new Option<string?>("--by") { HelpName = "WHO", Description = "Who has seen it. Default: this user" };
        var command = new Command("ack", "Says that somebody has seen an alert.") { id, by };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var alert = await api.AcknowledgeAlert(parsed.GetValue(id)!, parsed.GetValue(by) ?? terminal.Setting("USER"), cancellationToken);
            terminal.Out.WriteLine($"{Plain.Line(alert.Value.Id)} seen by {Plain.Line(alert.Value.AcknowledgedBy ?? "somebody")}");
            return ExitCode.Ok;
        });
        return command;
    }
}
