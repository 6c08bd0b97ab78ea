namespace MorningAI.Telemetry;

/// <param name="Mean">Zero where nothing was counted; so for the others.</param>
public readonly record struct LatencySummary(long Count, TimeSpan Mean, TimeSpan P50, TimeSpan P99);
