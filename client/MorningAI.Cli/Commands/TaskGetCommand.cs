using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task get</c>: all that is known of a task. Exit code 0 whatever its state: the reading worked.</summary>
internal static class TaskGetCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = Shared.TaskId();
        var json = Shared.Json("Print the task as one JSON object.");
        var command = new Command("get", "Shows a task: state, history, result.") { id, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var task = await api.Get(parsed.GetValue(id), cancellationToken);
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(SiloJson.Line(task.Json));
            else
                terminal.Out.Write(TaskText.Describe(task.Value, terminal.Time.LocalTimeZone));
            return ExitCode.Ok;
        });
        return command;
    }
}
