using MorningAI.Explaining;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Silo.Api;

/// <summary><c>GET /queues</c>.</summary>
public sealed record QueueListResponse(IReadOnlyList<QueueStanding> Queues);

/// <param name="Ready">Waiting for a worker.</param>
/// <param name="HeldBack">Waiting for a limit, or for their order.</param>
/// <param name="Scheduled">Waiting for their time.</param>
/// <param name="Assigned">With workers.</param>
public sealed record QueueStanding(
    string Queue,
    int Partitions,
    long Ready,
    long HeldBack,
    long Scheduled,
    long Assigned,
    int Workers,
    DateTimeOffset? OldestReadyAt,
    DecisionResponse? Paused,
    DecisionResponse? Draining)
{
    internal static QueueStanding Of(QueueName queue, IReadOnlyList<PartitionStatus> partitions, QueueControl? control) => new(
        queue.Value,
        partitions.Count,
        partitions.Sum(p => (long)p.Ready),
        partitions.Sum(p => (long)p.HeldBack),
        partitions.Sum(p => (long)p.Scheduled),
        partitions.Sum(p => (long)p.Assigned),
        partitions.Select(p => p.Workers).DefaultIfEmpty().Max(),
        partitions.Min(p => p.OldestReadyAt),
        DecisionResponse.Of(control?.Paused),
        DecisionResponse.Of(control?.Draining));
}

/// <summary>Who decided, when and why.</summary>
public sealed record DecisionResponse(DateTimeOffset At, string? By, string? Reason)
{
    internal static DecisionResponse? Of(QueueDecision? decision) => decision is null ? null : new DecisionResponse(decision.At, decision.By, decision.Reason);
}

/// <summary><c>POST /queues/{name}/pause</c>, <c>/drain</c>, <c>/resume</c>: what holds now.</summary>
public sealed record QueueControlResponse(string Queue, DecisionResponse? Paused, DecisionResponse? Draining)
{
    internal static QueueControlResponse Of(QueueControl control) => new(control.Queue.Value, DecisionResponse.Of(control.Paused), DecisionResponse.Of(control.Draining));
}

/// <param name="Left">Still waiting: call it again.</param>
public sealed record QueueClearedResponse(string Queue, long Cancelled, long Left);

/// <summary><c>GET /tasks/{id}/explain</c>.</summary>
public sealed record TaskExplanationResponse(string TaskId, string Status, IReadOnlyList<WaitReasonResponse> Reasons)
{
    internal static TaskExplanationResponse Of(TaskExplanation explanation) =>
        new(explanation.Task.ToString(), explanation.State.WireName(), [.. explanation.Reasons.Select(WaitReasonResponse.From)]);
}

/// <summary><c>GET /queues/{name}/explain</c>.</summary>
public sealed record QueueExplanationResponse(string Queue, long Ready, long HeldBack, long Scheduled, long Assigned, IReadOnlyList<WaitReasonResponse> Reasons)
{
    internal static QueueExplanationResponse Of(QueueExplanation explanation) => new(
        explanation.Queue.Value, explanation.Ready, explanation.HeldBack, explanation.Scheduled, explanation.Assigned, [.. explanation.Reasons.Select(WaitReasonResponse.From)]);
}

/// <param name="Code">For programs, as <c>paused</c> or <c>limit</c>.</param>
/// <param name="Text">For people.</param>
/// <param name="Count">How many: tasks before it, attempts that run, slots that are busy.</param>
/// <param name="Of">Out of how many.</param>
public sealed record WaitReasonResponse(string Code, string Text, long? Count, long? Of, DateTimeOffset? Since, DateTimeOffset? Until, string? By)
{
    internal static WaitReasonResponse From(WaitReason reason) => new(reason.Code, reason.Text, reason.Count, reason.Of, reason.Since, reason.Until, reason.By);
}
