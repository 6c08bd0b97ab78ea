using System.Globalization;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Cli.Silos;

/// <summary>Which tasks are to be listed. What is null does not matter.</summary>
internal sealed record TaskFilter(TaskState? State, QueueName? Queue, TaskKind? Kind, DateTimeOffset? From, string? Tag = null)
{
    /// <summary>As the silo's HTTP API takes it.</summary>
    public string Query(string? after, int take)
    {
        var parts = new List<string> { $"take={take.ToString(CultureInfo.InvariantCulture)}" };
        if (State is { } state)
            parts.Add($"state={state.WireName()}");
        if (Queue is { } queue)
            parts.Add($"queue={queue.Value}");
        if (Kind is { } kind)
            parts.Add($"kind={kind.Value}");
        if (Tag is { } tag)
            parts.Add($"tag={Uri.EscapeDataString(tag)}");
        if (From is { } from)
            parts.Add($"from={Uri.EscapeDataString(from.ToString("O", CultureInfo.InvariantCulture))}");
        if (after is not null)
            parts.Add($"after={Uri.EscapeDataString(after)}");
        return string.Join('&', parts);
    }
}

/// <param name="Next">The next page's after; null where there are no more.</param>
internal sealed record TaskListView(IReadOnlyList<TaskLine> Tasks, string? Next);

/// <summary>A task in a list.</summary>
internal sealed record TaskLine(
    TaskId TaskId, string Kind, string Queue, string Priority, TaskState Status, int Attempt, TaskFault? Error, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, DateTimeOffset? DueAt);

/// <summary>The body of <c>POST /tasks/bulk</c>.</summary>
internal sealed record BulkBody(string Action, string? State, string? Queue, string? Kind, string? Tag, DateTimeOffset? From, bool? All, bool? DryRun, string? After);

/// <summary>A slice of it.</summary>
internal sealed record BulkView(IReadOnlyList<TaskId> Tasks, int Passed, int Failed, string? Next);
