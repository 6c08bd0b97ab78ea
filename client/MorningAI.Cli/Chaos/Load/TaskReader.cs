using System.Text.Json;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Client;
using MorningAI.Silo.Chaos;
using MorningAI.Tasks;

namespace MorningAI.Cli.Chaos.Load;

/// <summary>What the system says of a task, in the ledger's words.</summary>
internal sealed class TaskReader(ITaskClient client, LoadCounts counts)
{
    private static readonly TaskEnding Unread = new(RunLog.Unreadable, 0, null, null);

    public async Task<TaskEnding> Read(TaskId id, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Get(id, cancellationToken) is { } task
                ? new TaskEnding(task.State.WireName(), task.Attempt, ExecutionOf(task), task.FinishedAt)
                : new TaskEnding(RunLog.Missing, 0, null, null);
        }
        catch (StoreUnavailableException)
        {
            return Unread;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            counts.OnSurprise(e);
            return Unread;
        }
    }

    private static string? ExecutionOf(TaskSnapshot task)
    {
        try
        {
            return task.Result is { } result ? JsonSerializer.Deserialize<LedgerResult>(result, TaskJson.Options)?.Execution : null;
        }
        catch (JsonException)
        {
            return "unreadable"; // no handler here wrote that: the judge will not find it
        }
    }
}
