using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task list</c>, and <c>deadletter list</c>: which tasks there are.</summary>
internal static class TaskListCommand
{
    private const int DefaultMost = 50;

    public static Command Create(Terminal terminal)
    {
        var state = new Option<TaskState?>("--state") { HelpName = "STATE", Description = "Only in this state: running, queued, scheduled, blocked, dead, failed, cancelled or succeeded.", CustomParser = ArgumentText.As<TaskState?>(text => ArgumentText.State(text)) };
        return Create("list", "Lists tasks: by state, those that ended newest first, the others in their order.", terminal, state, null);
    }

    /// <param name="state">Null where the command is for one state.</param>
    public static Command Create(string name, string description, Terminal terminal, Option<TaskState?>? state, TaskState? only)
    {
        var most = new Option<int>("--most") { HelpName = "N", Description = $"At most so many; 0 for all. Default: {DefaultMost}", DefaultValueFactory = _ => DefaultMost, CustomParser = ArgumentText.As(ArgumentText.Count) };
        var json = Shared.Json("Print one JSON object with all of them.");
        var command = new Command(name, description) { most, json };
        if (state is not null)
            command.Add(state);
        var filter = new TaskFilterOptions(command, terminal.Time);
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var limit = parsed.GetValue(most);
            List<TaskLine> tasks = [];
            var more = false;
            await foreach (var task in TaskFilterOptions.All(api, filter.Read(parsed, state is null ? only : parsed.GetValue(state)), cancellationToken))
            {
                more = limit > 0 && tasks.Count == limit;
                if (more)
                    break;
                tasks.Add(task);
            }

            if (parsed.GetValue(json))
                terminal.Out.WriteLine(SiloJson.Line(new TaskListView(tasks, null)));
            else
                terminal.OutConsole().Write(TaskListText.Table(tasks, terminal.Time.LocalTimeZone));
            if (more)
                terminal.Say($"There are more than these {tasks.Count}: --most 0 lists all.");
            return ExitCode.Ok;
        });
        return command;
    }
}
