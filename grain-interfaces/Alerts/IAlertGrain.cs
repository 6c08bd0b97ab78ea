namespace MorningAI.Alerts;

/// <summary>
/// Whether anything is wrong that somebody should know of, decided by one grain for the whole cluster from what silos,
/// queues and workers say: nothing of it asks Redis. Key <c>"alerts"</c>.
/// </summary>
[Alias("mai.IAlertGrain")]
public interface IAlertGrain : IGrainWithStringKey
{
    const string Key = "alerts";

    /// <summary>A silo says every few seconds how it is; that keeps the grain alive somewhere, too.</summary>
    [Alias("Report")]
    Task Report(SiloSigns signs);

    /// <summary>Open ones first, then those that are over, newest first; for a day.</summary>
    [Alias("List")]
    Task<Alert[]> List();

    /// <summary>Somebody has seen it and looks after it.</summary>
    /// <returns>Null where there is none of that id.</returns>
    [Alias("Acknowledge")]
    Task<Alert?> Acknowledge(string id, string? by);
}

/// <summary>What a silo says of itself.</summary>
[GenerateSerializer, Immutable, Alias("mai.SiloSigns")]
public sealed record SiloSigns
{
    [Id(0)] public required string Silo { get; init; }

    /// <summary>Since when its store is not whole; null while it is.</summary>
    [Id(1)] public DateTimeOffset? AwaySince { get; init; }

    /// <summary>What is wrong with the store, for people.</summary>
    [Id(2)] public string? Fault { get; init; }

    /// <summary>Attempts that failed here since it started.</summary>
    [Id(3)] public long Failures { get; init; }

    /// <summary>Of the last minutes' tasks, how long 99 in 100 waited at most.</summary>
    [Id(4)] public TimeSpan WaitingP99 { get; init; }
}

/// <summary>Something that somebody should know of.</summary>
[GenerateSerializer, Immutable, Alias("mai.Alert")]
public sealed record Alert
{
    /// <summary>Rule and subject, as <c>queue_long:faq</c>: the same each time.</summary>
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required AlertSeverity Severity { get; init; }

    /// <summary>For people, with the numbers; as it was when it was last looked at.</summary>
    [Id(2)] public required string Text { get; init; }

    [Id(3)] public required DateTimeOffset Since { get; init; }

    /// <summary>When it was over; null while it is not.</summary>
    [Id(4)] public DateTimeOffset? ResolvedAt { get; init; }

    [Id(5)] public DateTimeOffset? AcknowledgedAt { get; init; }
    [Id(6)] public string? AcknowledgedBy { get; init; }

    /// <summary>The webhook has taken its beginning; so for its end.</summary>
    [Id(7)] public bool ToldBegin { get; init; }

    [Id(8)] public bool ToldEnd { get; init; }

    public bool IsOpen => ResolvedAt is null;
}

[GenerateSerializer, Alias("mai.AlertSeverity")]
public enum AlertSeverity : byte
{
    Warning = 0,
    Critical = 1,
}
