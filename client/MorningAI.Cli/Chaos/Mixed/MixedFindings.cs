namespace MorningAI.Cli.Chaos.Mixed;

/// <summary>What the mixed load came to.</summary>
internal sealed record MixedFindings
{
    /// <summary>Acknowledged tasks by what is special about them.</summary>
    public required IReadOnlyDictionary<string, int> Acknowledged { get; init; }

    /// <summary>Due times of schedules that were counted.</summary>
    public required int Due { get; init; }

    /// <summary>How late the latest of the delayed and scheduled tasks began that no fault fell on; null for none.</summary>
    public required double? SecondsLate { get; init; }

    /// <summary>Broken promises, a sentence each.</summary>
    public required IReadOnlyList<string> Failures { get; init; }
}
