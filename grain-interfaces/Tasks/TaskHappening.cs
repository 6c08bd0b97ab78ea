namespace MorningAI.Tasks;

/// <summary>One event of a task, for those who watch it. Closed, and appended to: pass over a subtype that you do not know.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskHappening")]
public abstract record TaskHappening
{
    private protected TaskHappening() { }

    /// <summary>Its id: watching from here on shows what comes after it.</summary>
    [Id(0)] public EventCursor Id { get; init; }
}

/// <summary>A line of the task's history.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskHappening.State")]
public sealed record StateReached([property: Id(0)] TaskEvent Line) : TaskHappening;

/// <summary>The latest progress. Steps in between may be left out; watching anew shows it again.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskHappening.Progress")]
public sealed record ProgressMade([property: Id(0)] int Attempt, [property: Id(1)] TaskProgress Progress) : TaskHappening;

/// <summary>A line of the task's log.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskHappening.Log")]
public sealed record LineLogged([property: Id(0)] TaskLogLine Line) : TaskHappening;

/// <summary>Log lines before the next one are no longer kept.</summary>
/// <param name="Count">All that the task has dropped so far.</param>
[GenerateSerializer, Immutable, Alias("mai.TaskHappening.LogDropped")]
public sealed record LinesDropped([property: Id(0)] int Count) : TaskHappening;

/// <summary>A piece of the text that an attempt streams.</summary>
/// <param name="Offset">UTF-16 characters before it.</param>
[GenerateSerializer, Immutable, Alias("mai.TaskHappening.Chunk")]
public sealed record TextStreamed([property: Id(0)] int Attempt, [property: Id(1)] long Offset, [property: Id(2)] string Text) : TaskHappening;

/// <summary>The text shown so far is void: another attempt, or the same one anew, streams from the start.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskHappening.Restarted")]
public sealed record StreamRestarted([property: Id(0)] int Attempt) : TaskHappening;

/// <summary>The text from <paramref name="From"/> to <paramref name="To"/> is no longer kept; the next piece begins after it.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskHappening.Truncated")]
public sealed record StreamTruncated([property: Id(0)] int Attempt, [property: Id(1)] long From, [property: Id(2)] long To) : TaskHappening;

/// <summary>The last event: the task as it ended.</summary>
[GenerateSerializer, Immutable, Alias("mai.TaskHappening.Ended")]
public sealed record TaskEnded([property: Id(0)] TaskSnapshot Task) : TaskHappening;

/// <summary>What there is after a place.</summary>
/// <param name="Happenings">In order; empty where nothing happened in time.</param>
/// <param name="Ended">Nothing comes after these.</param>
[GenerateSerializer, Immutable, Alias("mai.TaskNews")]
public sealed record TaskNews([property: Id(0)] IReadOnlyList<TaskHappening> Happenings, [property: Id(1)] bool Ended);
