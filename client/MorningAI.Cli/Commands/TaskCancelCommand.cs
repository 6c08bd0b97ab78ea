using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task cancel</c>: ends a task. One that had ended before is a refusal (409).</summary>
internal static class TaskCancelCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = Shared.TaskId();
        var json = Shared.Json("Print the task as one JSON object.");
        var command = new Command("cancel", "Ends a task that has not ended yet.") { id, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var task = await api.Cancel(parsed.GetValue(id), cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(task.Json) : $"{task.Value.TaskId} {TaskText.Name(task.Value.Status)}");
            return ExitCode.Ok;
        });
        return command;
    }
}
