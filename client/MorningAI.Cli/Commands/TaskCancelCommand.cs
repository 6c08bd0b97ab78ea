using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task cancel</c>: ends a task, or many. One that had ended before is a refusal (409).</summary>
internal static class TaskCancelCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Shared.Json("Print the one task as one JSON object.");
        var command = new Command("cancel", "Ends a task that has not ended yet, or all that filters leave.");
        var bulk = new TaskBulk(command, terminal, "cancel", "cancelled");
        command.Add(json);
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var one = bulk.One(parsed);
            using var api = await silo.Connect(parsed, cancellationToken);
            if (one is not { } id)
                return await bulk.Run(api, parsed, cancellationToken);
            var task = await api.Cancel(id, cancellationToken);
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(task.Json) : $"{task.Value.TaskId} {TaskText.Name(task.Value.Status)}");
            return ExitCode.Ok;
        });
        return command;
    }
}
