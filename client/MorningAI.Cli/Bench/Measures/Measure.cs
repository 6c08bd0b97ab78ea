namespace MorningAI.Cli.Bench.Measures;

/// <summary>What may be chosen with <c>--measure</c>.</summary>
[Flags]
internal enum Measure
{
    None = 0,

    /// <summary>One by one.</summary>
    Submit = 1,

    Bulk = 2,

    Drain = 4,

    Idle = 8,

    /// <summary>At half of what the system can do.</summary>
    Steady = 16,

    /// <summary>With a millisecond added between system and Redis.</summary>
    Slow = 32,

    /// <summary>With Redis down.</summary>
    Outage = 64,

    /// <summary>All of the above.</summary>
    All = 127,

    /// <summary>From a million waiting tasks; long, so only where it was asked for.</summary>
    BacklogMillion = 128,
}
