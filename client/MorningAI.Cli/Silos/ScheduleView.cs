using System.Text.Json;
using MorningAI.Cli.Input;

namespace MorningAI.Cli.Silos;

/// <summary>The body of <c>PUT /schedules/{name}</c>.</summary>
internal sealed record ScheduleBody(
    string Cron, string? Zone, string Kind, JsonText Payload, string? Queue, string? Priority, double? TimeoutSeconds, string? Misfire, string? Overlap);

/// <summary>A schedule as the silo's HTTP API tells it.</summary>
internal sealed record ScheduleView
{
    public required string Name { get; init; }
    public required string Cron { get; init; }
    public required string Zone { get; init; }
    public required string Kind { get; init; }
    public JsonElement? Payload { get; init; }
    public string? Queue { get; init; }
    public string? Priority { get; init; }
    public double? TimeoutSeconds { get; init; }
    public string? Misfire { get; init; }
    public string? Overlap { get; init; }
    public bool Paused { get; init; }
    public string? PausedBy { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Null where it is paused, or never comes due again.</summary>
    public DateTimeOffset? NextDue { get; init; }

    public DateTimeOffset? LastDue { get; init; }
    public string? LastTask { get; init; }
    public long Fired { get; init; }
    public long Overlapped { get; init; }

    /// <summary>Why the last firing made no task.</summary>
    public string? LastFault { get; init; }
}

/// <param name="Next">The name to ask for the next page with; null for the last.</param>
internal sealed record ScheduleListView(IReadOnlyList<ScheduleView> Schedules, string? Next);

internal sealed record ScheduleRemovedView(string Removed);
