using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task retry</c>: lets a waiting task's next attempt begin now, or makes a new task like one that ended badly; or of many. Prints the ids of the tasks that run.</summary>
internal static class TaskRetryCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = Shared.Json("Print the silo's answer about the one task as one JSON object.");
        var command = new Command("retry", "Begins a waiting task's next attempt now, or submits anew one that failed, is dead or was cancelled; or all that filters leave.");
        var bulk = new TaskBulk(command, terminal, "retry", "retried");
        command.Add(json);
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var one = bulk.One(parsed);
            using var api = await silo.Connect(parsed, cancellationToken);
            if (one is not { } task)
                return await bulk.Run(api, parsed, cancellationToken);
            var retried = await api.Retry(task, cancellationToken);
            terminal.Say(retried.Value.TaskId == task
                ? $"Task {task} waits no longer: it is {TaskText.Name(retried.Value.Status)}."
                : $"Task {task} stays as it ended. Task {retried.Value.TaskId} does it anew: it is {TaskText.Name(retried.Value.Status)}.");
            terminal.Out.WriteLine(parsed.GetValue(json) ? SiloJson.Line(retried.Json) : retried.Value.TaskId.ToString());
            return ExitCode.Ok;
        });
        return command;
    }
}
