using System.Text.Json;
using MorningAI.Schedules;

namespace MorningAI.Silo.Api;

/// <summary><c>PUT /schedules/{name}</c>.</summary>
public sealed record PutScheduleRequest
{
    /// <summary>Five fields, six with seconds before them, or a macro such as <c>@hourly</c>.</summary>
    public required string Cron { get; init; }

    /// <summary>An IANA name. Default: UTC.</summary>
    public string? Zone { get; init; }

    public required string Kind { get; init; }

    /// <summary>Any JSON that the kind's handler reads. Default: <c>{}</c>.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>Default: the kind's own.</summary>
    public string? Queue { get; init; }

    /// <summary>P0 to P3. Default: P2.</summary>
    public string? Priority { get; init; }

    /// <summary>The limit for one attempt. Default: the kind's own.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>once, all or skip. Default: once.</summary>
    public string? Misfire { get; init; }

    /// <summary>allow or skip. Default: allow.</summary>
    public string? Overlap { get; init; }
}

/// <summary>A schedule.</summary>
public sealed record ScheduleResponse
{
    public required string Name { get; init; }
    public required string Cron { get; init; }
    public required string Zone { get; init; }
    public required string Kind { get; init; }
    public required JsonElement Payload { get; init; }
    public required string? Queue { get; init; }
    public required string Priority { get; init; }
    public double? TimeoutSeconds { get; init; }
    public required string Misfire { get; init; }
    public required string Overlap { get; init; }
    public required bool Paused { get; init; }
    public string? PausedBy { get; init; }
    public DateTimeOffset? PausedAt { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null where it is paused, or never comes due again.</summary>
    public DateTimeOffset? NextDue { get; init; }

    public DateTimeOffset? LastDue { get; init; }

    /// <summary>The task of the last firing, by the clock or by hand.</summary>
    public string? LastTask { get; init; }

    public required long Fired { get; init; }
    public required long Overlapped { get; init; }

    /// <summary>Why the last firing made no task.</summary>
    public string? LastFault { get; init; }

    public static ScheduleResponse Of(ScheduleSnapshot schedule) => new()
    {
        Name = schedule.Name.Value,
        Cron = schedule.Spec.Cron,
        Zone = schedule.Spec.Zone,
        Kind = schedule.Spec.Kind.Value,
        Payload = JsonElement.Parse(schedule.Spec.Payload),
        Queue = schedule.Spec.Queue?.Value,
        Priority = schedule.Spec.Priority.ToString(),
        TimeoutSeconds = schedule.Spec.Timeout?.TotalSeconds,
        Misfire = schedule.Spec.Misfire.ToString().ToLowerInvariant(),
        Overlap = schedule.Spec.Overlap.ToString().ToLowerInvariant(),
        Paused = schedule.Paused is not null,
        PausedBy = schedule.Paused?.By,
        PausedAt = schedule.Paused?.At,
        CreatedAt = schedule.CreatedAt,
        NextDue = schedule.NextDue,
        LastDue = schedule.LastDue,
        LastTask = schedule.LastTask?.ToString(),
        Fired = schedule.Fired,
        Overlapped = schedule.Overlapped,
        LastFault = schedule.LastFault,
    };
}

/// <summary><c>GET /schedules</c>: a page in alphabetical order.</summary>
/// <param name="Next">Pass it as <c>after</c> for the next page; null where this was the last.</param>
public sealed record ScheduleListResponse(IReadOnlyList<ScheduleResponse> Schedules, string? Next);

/// <summary>It was there, and is no more.</summary>
public sealed record ScheduleRemovedResponse(string Removed);
