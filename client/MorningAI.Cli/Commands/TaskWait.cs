using MorningAI.Cli.Display;
using MorningAI.Cli.Silos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands;

/// <summary>Waiting for a task's end, and what its end means to the shell.</summary>
internal static class TaskWait
{
    /// <exception cref="CliException">The silo was lost, or the wait was interrupted; the task goes on.</exception>
    public static async Task<Answer<TaskView>> ForEnd(SiloApi api, TaskId task, TaskDisplay display, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            var feed = new TaskFeed([api], terminal.Time, display.Notice) { IsPatient = true };
            await foreach (var happening in feed.Follow(task, cancellationToken))
            {
                if (display.Show(happening) is { } end)
                    return end;
            }

            var watch = new TaskWatch(api, terminal.Time, display.Notice);
            await foreach (var answer in watch.Follow(task, after: -1, cancellationToken))
            {
                display.Show(answer.Value);
                if (answer.Value.HasEnded)
                    return answer;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new WaitInterruptedException(task);
        }

        throw new InvalidOperationException("a watch ends with its task");
    }

    /// <summary>0 for success alone; where it is not, says why on standard error.</summary>
    public static int Conclude(TaskView task, Terminal terminal)
    {
        if (!string.IsNullOrEmpty(task.Degraded))
            terminal.Say($"Note: the result is second best: {Plain.Line(task.Degraded)}");
        if (task.Status == TaskState.Succeeded)
            return ExitCode.Ok;
        terminal.Say($"morningai: {TaskText.Ending(task)}");
        return ExitCode.Failed;
    }

    public static string Accepted(Receipt receipt, Uri url)
    {
        var where = receipt.Durability is "journal" ? ", kept in the silo's journal until its store is back" : "";
        return $"Task {receipt.TaskId}: {TaskText.Name(receipt.Status)} at {url}{where}";
    }
}

/// <summary>The caller stopped waiting; the task goes on.</summary>
internal sealed class WaitInterruptedException(TaskId task)
    : CliException($"Stopped waiting. Task {task} goes on: 'morningai task watch {task}' follows it, 'morningai task cancel {task}' ends it.", Cli.ExitCode.Interrupted)
{
    public TaskId Task => task;
}
