using System.CommandLine;
using MorningAI.Cli.Display;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands;

/// <summary><c>morningai task watch</c>: a line for each thing that happens to a task, until its end, which the exit code tells.</summary>
internal static class TaskWatchCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = Shared.TaskId();
        var also = new Option<Uri[]>("--also")
        {
            HelpName = "URL",
            Description = "Another silo of the cluster, to go on at where the first is lost. May be repeated.",
            CustomParser = ArgumentText.Each(ArgumentText.Url),
        };
        var json = Shared.Json("Print the task as one JSON object a line, one line for each change.");
        var command = new Command("watch", "Follows a task to its end, with its log and the text it streams; the exit code tells how it ended.") { id, also, json };
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = await silo.Connect(parsed, cancellationToken);
            var others = (parsed.GetValue(also) ?? []).Select(silo.ApiAt).ToArray();
            try
            {
                return parsed.GetValue(json)
                    ? await Watch(api, parsed.GetValue(id), json: true, terminal, cancellationToken)
                    : await Follow([api, .. others], parsed.GetValue(id), terminal, cancellationToken);
            }
            finally
            {
                foreach (var other in others)
                    other.Dispose();
            }
        });
        return command;
    }

    private static async Task<int> Follow(IReadOnlyList<SiloApi> silos, TaskId id, Terminal terminal, CancellationToken cancellationToken)
    {
        var lines = new WatchLines(terminal);
        try
        {
            var feed = new TaskFeed(silos, terminal.Time, line =>
            {
                lines.EndText();
                terminal.Say(line);
            });
            await foreach (var happening in feed.Follow(id, cancellationToken))
            {
                if (lines.Show(happening) is not { } task)
                    continue;
                lines.EndText();
                if (TaskText.HasResult(task.Value, out var result))
                    terminal.Out.WriteLine(SiloJson.Indented(result));
                return TaskWait.Conclude(task.Value, terminal);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            lines.EndText();
            throw new WaitInterruptedException(id);
        }

        return await Watch(silos[0], id, json: false, terminal, cancellationToken);
    }

    /// <summary>By revisions: as whole tasks for programs, and for a silo that has no events.</summary>
    private static async Task<int> Watch(SiloApi api, TaskId id, bool json, Terminal terminal, CancellationToken cancellationToken)
    {
        var lines = new WatchLines(terminal);
        Action<Answer<TaskView>> show = json ? answer => terminal.Out.WriteLine(SiloJson.Line(answer.Json)) : answer => lines.Write(answer.Value);
        try
        {
            // The first read is not repeated: whoever names a silo that is not there wants to know at once.
            var task = await api.Get(id, cancellationToken);
            show(task);
            if (!task.Value.HasEnded)
            {
                await foreach (var answer in new TaskWatch(api, terminal.Time, terminal.Say).Follow(id, task.Value.Revision, cancellationToken))
                    show(task = answer);
            }

            if (!json && TaskText.HasResult(task.Value, out var result))
                terminal.Out.WriteLine(SiloJson.Indented(result));
            return TaskWait.Conclude(task.Value, terminal);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new WaitInterruptedException(id);
        }
    }
}
