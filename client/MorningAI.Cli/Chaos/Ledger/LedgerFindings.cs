namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>A run's ledger, judged.</summary>
internal sealed record LedgerFindings
{
    public required int Submitted { get; init; }
    public required int Acknowledged { get; init; }
    public required int Refused { get; init; }
    public required int Uncertain { get; init; }
    public required int Completed { get; init; }
    public required int Lost { get; init; }
    public required int ExecutedAgainAfterCompletion { get; init; }
    public required int StaleCompletionsAccepted { get; init; }
    public required int StepsRepeated { get; init; }
    public required int RefusedAndRan { get; init; }
    public required int AcknowledgedByRedis { get; init; }
    public required int AcknowledgedByJournal { get; init; }

    /// <summary>Null where nothing was submitted during the fault.</summary>
    public required double? OkDuringFault { get; init; }

    public required double? SubmitP99MsNormal { get; init; }
    public required double? SubmitP99MsDuringFault { get; init; }

    /// <summary>Tasks a second, before the fault.</summary>
    public required double NormalThroughput { get; init; }

    /// <summary>A fraction of <see cref="NormalThroughput"/>; null where that is 0.</summary>
    public required double? ThroughputDuringFault { get; init; }

    /// <summary>Null where not every silo did.</summary>
    public required double? SecondsToResume { get; init; }

    /// <summary>Null where no silo died while it ran something, or where that never ran again.</summary>
    public required double? SecondsToRerun { get; init; }

    /// <summary>Of the last silo that did; null where none was started while Redis was down.</summary>
    public required double? SecondsToJoin { get; init; }

    /// <summary>Until a dead silo was shown dead by all others, the slowest; null where none died, nobody was there to see, or it was not seen.</summary>
    public required double? SecondsToDetect { get; init; }

    /// <summary>Clusters that the silos saw in the end.</summary>
    public required int Clusters { get; init; }

    public required ReminderFindings Reminders { get; init; }

    /// <summary>Silos that ended by themselves, and were started again.</summary>
    public required int SilosRestarted { get; init; }

    /// <summary>Broken promises, a sentence each.</summary>
    public required IReadOnlyList<string> Failures { get; init; }
}
