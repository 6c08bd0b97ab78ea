using System.CommandLine;
using MorningAI.Cli.Input;
using MorningAI.Cli.Silos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands.DeadLetters;

/// <summary>
/// <c>morningai deadletter requeue</c>: makes a new task like each. Broken off and begun again it makes none twice, as a
/// retry's id follows from its task's.
/// </summary>
internal static class DeadLetterRequeueCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<TaskId?>("ID")
        {
            Description = "One of them; without it, --all that the filters leave.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = ArgumentText.As<TaskId?>(text => TaskId.Parse(text)),
        };
        var all = new Option<bool>("--all") { Description = "Every dead letter that the filters leave." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say which, and do nothing." };
        var command = new Command("requeue", "Makes a new task like a dead letter, or like each of many. Prints the new tasks' ids. The dead letters stay.") { id, all, dryRun };
        var filter = new TaskFilterOptions(command, terminal.Time);
        var silo = new SiloChoice(terminal, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var one = parsed.GetValue(id);
            if (one is null == !parsed.GetValue(all))
                throw new CliException("Name one dead letter by its ID, or say --all (with --queue, --kind or --within for some of them; --dry-run shows which).", ExitCode.BadInput);
            using var api = await silo.Connect(parsed, cancellationToken);
            var chosen = one is { } id1 ? One(id1) : Ids(api, filter.Read(parsed, TaskState.Dead), cancellationToken);
            var count = 0;
            await foreach (var task in chosen)
            {
                terminal.Out.WriteLine(parsed.GetValue(dryRun) ? task.ToString() : (await api.Retry(task, cancellationToken)).Value.TaskId.ToString());
                count++;
            }

            terminal.Say(parsed.GetValue(dryRun) ? $"{count} dead letters would be done anew." : $"{count} dead letters are done anew.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async IAsyncEnumerable<TaskId> One(TaskId id)
    {
        await Task.CompletedTask;
        yield return id;
    }

    private static IAsyncEnumerable<TaskId> Ids(SiloApi api, TaskFilter filter, CancellationToken cancellationToken) =>
        TaskFilterOptions.All(api, filter, cancellationToken).Select(t => t.TaskId);
}
