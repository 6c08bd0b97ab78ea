using System.Text.Json;
using MorningAI.Tasks;

namespace MorningAI.Cli.Silos;

/// <summary>A task as the silo's HTTP API tells it.</summary>
internal sealed record TaskView
{
    public required TaskId TaskId { get; init; }
    public required string Kind { get; init; }
    public string? Queue { get; init; }
    public string? Priority { get; init; }
    public required TaskState Status { get; init; }
    public string? TraceId { get; init; }

    /// <summary>Attempts begun so far; 0 before the first.</summary>
    public int Attempt { get; init; }

    public JsonElement? Result { get; init; }
    public TaskFault? Error { get; init; }

    /// <summary>Why the result is second best; null when it is not.</summary>
    public string? Degraded { get; init; }

    public TaskAdvance? Progress { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When a scheduled task may begin.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Grows with every change.</summary>
    public required long Revision { get; init; }

    /// <remarks>The generated reader sets a member that is not there to null, over its default.</remarks>
    public IReadOnlyList<TaskMoment> History { get; init => field = value ?? []; } = [];

    /// <summary>What the handler logged, the newest lines.</summary>
    public IReadOnlyList<LogLineView> Log { get; init => field = value ?? []; } = [];

    public int? LogDropped { get; init; }

    public bool HasEnded => Status is TaskState.Succeeded or TaskState.Failed or TaskState.Cancelled or TaskState.Dead;
}

internal sealed record TaskFault(string Code, string Message);

/// <param name="Fraction">0 to 1.</param>
internal sealed record TaskAdvance(double Fraction, string? Message);

/// <summary>One line of a task's history.</summary>
/// <param name="Attempt">The attempt it speaks of; 0 for none.</param>
internal sealed record TaskMoment(DateTimeOffset At, TaskState Status, int Attempt, string? Note);

internal sealed record LogLineView(DateTimeOffset At, string Level, int Attempt, string Text);

internal sealed record ProgressView(int Attempt, double Fraction, string? Message);

/// <summary>A piece of the text that an attempt streams.</summary>
internal sealed record ChunkView(int Attempt, long Offset, string Text);
