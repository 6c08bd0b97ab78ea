namespace MorningAI.Cli.Silos;

/// <summary>An alert as the silo's HTTP API tells it.</summary>
internal sealed record AlertView
{
    public required string Id { get; init; }
    public string? Severity { get; init; }
    public string? Text { get; init; }
    public DateTimeOffset Since { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public DateTimeOffset? AcknowledgedAt { get; init; }
    public string? AcknowledgedBy { get; init; }
}

internal sealed record AlertListView(IReadOnlyList<AlertView> Alerts);
