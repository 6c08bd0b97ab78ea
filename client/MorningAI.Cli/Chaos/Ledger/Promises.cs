namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>What holds under a fault beside what always holds (nothing lost, nothing twice). Null: nothing is promised.</summary>
internal sealed record Promises
{
    /// <summary>Within this a silo's death is noticed, and its work taken over.</summary>
    private static readonly TimeSpan SiloDeathTime = TimeSpan.FromSeconds(10);

    /// <summary>While Redis is down and the silos live, work goes on.</summary>
    public static readonly Promises OfRedisFault = new()
    {
        OkDuringFault = 0.99,
        Throughput = 0.8,
        SubmitP99 = TimeSpan.FromSeconds(1),
        ResumeWithin = TimeSpan.FromSeconds(1),
    };

    /// <summary>While a silo is dead and Redis is up, the others take what comes, and what the dead one ran.</summary>
    public static readonly Promises OfSiloDeath = new()
    {
        OkDuringFault = 0.8,
        Throughput = 0.8,
        SubmitP99 = TimeSpan.FromSeconds(1),
        ResumeWithin = SiloDeathTime,
        RerunWithin = SiloDeathTime,
    };

    /// <summary>In an outage the others take what comes; what was the dead one's waits for its journal.</summary>
    public static readonly Promises OfSiloDeathInOutage = new() { OkDuringFault = 0.8, ResumeWithin = SiloDeathTime };

    /// <summary>Nobody is left to take anything.</summary>
    public static readonly Promises OfOnlySilosDeath = new() { ResumeWithin = SiloDeathTime };

    /// <summary>Nothing can be made durable: refusing is right then, and taking is not.</summary>
    public static readonly Promises OfNoDurability = new() { Refuses = true, ResumeWithin = TimeSpan.FromSeconds(1) };

    /// <summary>The smallest fraction of submits acknowledged while the fault lasts.</summary>
    public double? OkDuringFault { get; init; }

    /// <summary>The smallest fraction of the run's own normal throughput.</summary>
    public double? Throughput { get; init; }

    /// <summary>The time within which 99 of 100 acknowledged submits had their answer.</summary>
    public TimeSpan? SubmitP99 { get; init; }

    /// <summary>True where submits are to be refused while the fault lasts.</summary>
    public bool Refuses { get; init; }

    /// <summary>From the heal until every silo finishes fresh tasks.</summary>
    public TimeSpan? ResumeWithin { get; init; }

    /// <summary>From a silo's death until all that it ran runs again elsewhere.</summary>
    public TimeSpan? RerunWithin { get; init; }
}
