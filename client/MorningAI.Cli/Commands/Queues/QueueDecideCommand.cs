using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands.Queues;

/// <summary><c>morningai queue pause</c>, <c>drain</c> and <c>resume</c>: they differ in a word.</summary>
internal static class QueueDecideCommand
{
    public static Command Create(Terminal terminal, string word, string description)
    {
        var name = QueueCommand.Name();
        var by = new Option<string?>("--by") { HelpName = "WHO", Description = "Who decides it, for others to see. Default: this user" };
        var reason = new Option<string?>("--reason") { HelpName = "TEXT", Description = "Why, for others to see." };
        var json = Shared.Json("Print what holds now as one JSON object.");
        var command = new Command(word, description) { name, json };
        if (word != "resume")
        {
            command.Options.Add(by);
            command.Options.Add(reason);
        }

        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var (who, why) = word == "resume" ? (null, null) : (parsed.GetValue(by) ?? terminal.Setting("USER"), parsed.GetValue(reason));
            var control = await api.Decide(parsed.GetValue(name), word, who, why, cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(control.Json) : QueueText.Standing(control.Value, terminal.Time.LocalTimeZone));
            return ExitCode.Ok;
        });
        return command;
    }
}
