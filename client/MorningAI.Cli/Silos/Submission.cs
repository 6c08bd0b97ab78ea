using MorningAI.Cli.Input;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Cli.Silos;

internal sealed record Question(string Text, string? Repo);

internal sealed record Submission
{
    public required TaskKind Kind { get; init; }
    public required JsonText Payload { get; init; }
    public QueueName? Queue { get; init; }
    public TaskPriority? Priority { get; init; }

    /// <summary>1 to 256 characters: the same key in the same queue is the same task.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The limit for one attempt.</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>The silo's proof that it has the task.</summary>
/// <param name="Durability">Where it was safe when this was written: <c>redis</c> (the store) or <c>journal</c>.</param>
internal sealed record Receipt(TaskId TaskId, string? TraceId, TaskState Status, string? Durability);
