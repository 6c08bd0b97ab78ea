namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>
/// What holds under a fault beside what always holds: nothing lost, nothing twice, one cluster, no reminder missed, and a
/// silo's death noticed while Redis is up. Null: nothing is promised.
/// </summary>
internal sealed record Promises
{
    /// <summary>Within this a silo's death is noticed, and its work taken over, on a machine as fast as the promises are made for.</summary>
    public static readonly TimeSpan SiloDeathTime = TimeSpan.FromSeconds(10);

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

    /// <summary>A silo that the others call dead, and that does not know it yet.</summary>
    /// <remarks>Until they do, what they ask of it waits: no speed is promised while that is all of the fault.</remarks>
    public static readonly Promises OfZombie = OfSiloDeath with { Throughput = null, SubmitP99 = null, RemindersOnce = false };

    /// <summary>In an outage the others take what comes; what was the dead one's waits for its journal.</summary>
    public static readonly Promises OfSiloDeathInOutage = new() { OkDuringFault = 0.8, ResumeWithin = SiloDeathTime };

    /// <summary>Nobody is left to take anything.</summary>
    public static readonly Promises OfOnlySilosDeath = new() { ResumeWithin = SiloDeathTime };

    /// <summary>Nothing can be made durable: refusing is right then, and taking is not.</summary>
    public static readonly Promises OfNoDurability = new() { Refuses = true, ResumeWithin = TimeSpan.FromSeconds(1) };

    /// <summary>Silos leave and come back in order, one after the other: nobody is to notice.</summary>
    public static readonly Promises OfRestarts = new() { NoSubmitFails = true, ResumeWithin = TimeSpan.FromSeconds(1) };

    /// <summary>One silo cannot talk to the others any more, which go on without it until it can.</summary>
    public static readonly Promises OfPartition = new() { OkDuringFault = 0.8, ResumeWithin = SiloDeathTime, RemindersOnce = false };

    /// <summary>
    /// Nor with Redis: to it the others are gone, to them it is, and each goes on with what it has, as after a death. What
    /// both have may run on both sides; one completion counts.
    /// </summary>
    public static readonly Promises OfIsolation = OfPartition with { RunsOnce = false };

    /// <summary>A silo that waits for Redis, while the others go on without it.</summary>
    public static readonly Promises OfStartInOutage = OfRedisFault with { JoinWithin = TimeSpan.FromSeconds(5) };

    /// <summary>One fault after the other, refusals among them.</summary>
    public static readonly Promises OfEverything = new() { ResumeWithin = SiloDeathTime, RemindersOnce = false };

    /// <summary>From a silo's death while Redis is up until all others know of it.</summary>
    public TimeSpan DeathKnownWithin { get; init; } = SiloDeathTime;

    /// <summary>The smallest fraction of submits acknowledged while the fault lasts.</summary>
    public double? OkDuringFault { get; init; }

    /// <summary>The smallest fraction of the run's own normal throughput.</summary>
    public double? Throughput { get; init; }

    /// <summary>The time within which 99 of 100 acknowledged submits had their answer.</summary>
    public TimeSpan? SubmitP99 { get; init; }

    /// <summary>True where submits are to be refused while the fault lasts.</summary>
    public bool Refuses { get; init; }

    /// <summary>True where no submit of the run may be refused or go without an answer.</summary>
    public bool NoSubmitFails { get; init; }

    /// <summary>True where nothing that was completed may run again, and no other completion may take its place.</summary>
    public bool RunsOnce { get; init; } = true;

    /// <summary>True where no reminder may tick twice for one due time: all but where a silo that is declared dead goes on for a while.</summary>
    public bool RemindersOnce { get; init; } = true;

    /// <summary>From Redis' return until a silo that was started without it is ready.</summary>
    public TimeSpan? JoinWithin { get; init; }

    /// <summary>From the heal until every silo finishes fresh tasks.</summary>
    public TimeSpan? ResumeWithin { get; init; }

    /// <summary>From a silo's death until all that it ran runs again elsewhere.</summary>
    public TimeSpan? RerunWithin { get; init; }

    /// <summary>The same at a fraction of the speed: for a machine that is slower than they are made for, or busy.</summary>
    /// <param name="times">All times are this many times as long.</param>
    public Promises Slower(double times) => this with
    {
        DeathKnownWithin = DeathKnownWithin * times,
        Throughput = Throughput / times,
        SubmitP99 = SubmitP99 * times,
        JoinWithin = JoinWithin * times,
        ResumeWithin = ResumeWithin * times,
        RerunWithin = RerunWithin * times,
    };
}
