namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>What the ledger says of one task.</summary>
internal sealed class TaskStory(string id)
{
    public string Id { get; } = id;

    /// <summary>Null where it was only ever executed.</summary>
    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>The silo whose API it went through; null for the client library.</summary>
    public string? Via { get; set; }

    public SubmitAnswer Answer { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>redis or journal, where it was acknowledged.</summary>
    public string? Durability { get; set; }

    public List<Execution> Executions { get; } = [];

    public List<StepNote> Steps { get; } = [];

    /// <summary>What the system said of its end, first.</summary>
    public Sighting? FirstSeen { get; set; }

    /// <summary>What the system said in the end; null where nobody asked.</summary>
    public TaskEnding? Final { get; set; }

    /// <summary>The execution whose result the system holds, if the ledger knows it.</summary>
    public Execution? Accepted => Final is { Succeeded: true, Execution: { } id } ? Executions.Find(e => e.Id == id) : null;
}

internal enum SubmitAnswer
{
    /// <summary>The run ended before one came.</summary>
    None,
    Acknowledged,
    Refused,
    Uncertain,
}

/// <summary>One run of the handler.</summary>
/// <param name="Process">Of the silo that it ran in.</param>
/// <param name="EndedAt">Null where it was cut off.</param>
internal sealed record Execution(string Id, int Attempt, int Process, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

/// <param name="Kept">False where its body began, true where its result became durable.</param>
internal sealed record StepNote(int Step, bool Kept, DateTimeOffset At);

internal sealed record Sighting(DateTimeOffset At, TaskEnding Ending);
