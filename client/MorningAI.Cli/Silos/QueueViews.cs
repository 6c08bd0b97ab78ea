namespace MorningAI.Cli.Silos;

/// <summary>A queue as <c>GET /queues</c> tells it.</summary>
internal sealed record QueueStandingView
{
    public required string Queue { get; init; }
    public int Partitions { get; init; }
    public long Ready { get; init; }
    public long HeldBack { get; init; }
    public long Scheduled { get; init; }
    public long Assigned { get; init; }
    public int Workers { get; init; }
    public DateTimeOffset? OldestReadyAt { get; init; }
    public DecisionView? Paused { get; init; }
    public DecisionView? Draining { get; init; }
}

internal sealed record DecisionView(DateTimeOffset At, string? By, string? Reason);

internal sealed record QueueStandingsView(IReadOnlyList<QueueStandingView> Queues);

/// <summary>What holds of a queue after a decision.</summary>
internal sealed record QueueControlView(string Queue, DecisionView? Paused, DecisionView? Draining);

internal sealed record QueueClearedView(string Queue, long Cancelled, long Left);

/// <summary>Why a task, or a queue, waits.</summary>
internal sealed record ExplanationView
{
    public string? TaskId { get; init; }
    public string? Status { get; init; }
    public string? Queue { get; init; }
    public long? Ready { get; init; }
    public long? HeldBack { get; init; }
    public long? Scheduled { get; init; }
    public long? Assigned { get; init; }
    public required IReadOnlyList<ReasonView> Reasons { get; init; }
}

internal sealed record ReasonView(string Code, string Text);
