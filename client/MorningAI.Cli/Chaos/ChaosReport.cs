using System.Text.Encodings.Web;
using System.Text.Json;
using MorningAI.Cli.Chaos.Faults;
using MorningAI.Cli.Chaos.Ledger;
using MorningAI.Cli.Chaos.Mixed;
using MorningAI.Cli.Chaos.Soak;

namespace MorningAI.Cli.Chaos;

/// <summary>What a run proved; one JSON object with <c>--json</c>. Fractions are 0 to 1; null where it could not be measured.</summary>
internal sealed record ChaosReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required string Fault { get; init; }

    /// <summary>Proved by what the fault hit. A run without its fault proves nothing, so it has not passed.</summary>
    public required bool FaultHappened { get; init; }

    /// <summary>What was counted.</summary>
    public required string FaultEvidence { get; init; }

    public int Submitted { get; init; }
    public int Acknowledged { get; init; }
    public int Refused { get; init; }
    public int Uncertain { get; init; }
    public int Completed { get; init; }
    public int Lost { get; init; }
    public int ExecutedAgainAfterCompletion { get; init; }
    public int StaleCompletionsAccepted { get; init; }
    public int StepsRepeated { get; init; }
    public int RefusedAndRan { get; init; }
    public double? OkDuringFault { get; init; }
    public double? SubmitP99MsNormal { get; init; }
    public double? SubmitP99MsDuringFault { get; init; }
    public double NormalThroughput { get; init; }
    public double? ThroughputDuringFault { get; init; }
    public double? SecondsToResume { get; init; }
    public double? SecondsToRerun { get; init; }

    /// <summary>From Redis' return until a silo that was started without it was ready; null where none was.</summary>
    public double? SecondsToJoin { get; init; }

    /// <summary>From a silo's SIGKILL or SIGSTOP until all others showed it dead, the slowest; null where no silo died, or nobody saw it.</summary>
    public double? SecondsToDetect { get; init; }

    /// <summary>Distinct clusters, by the silos' own views of membership in the end.</summary>
    public int Clusters { get; init; }

    /// <summary>Due times of the witnesses' reminders that were counted.</summary>
    public int RemindersDue { get; init; }

    /// <summary>Others, without a tick while the reminder's silo was dead and not known to be, or while it changed hands.</summary>
    public int RemindersNobodys { get; init; }

    /// <summary>Of those counted, without a tick.</summary>
    public int RemindersMissed { get; init; }

    /// <summary>Due times with two ticks or more.</summary>
    public int RemindersDoubled { get; init; }

    /// <summary>Silos that ended by themselves, since the others had declared them dead, and were started again.</summary>
    public int SilosRestarted { get; init; }

    /// <summary>What the processes held at the start of the fault and at its end; null for runs of less than four samples.</summary>
    public SoakFindings? Soak { get; init; }

    /// <summary>What the mixed load came to; null for a plain one.</summary>
    public MixedFindings? Mixed { get; init; }

    public double Seconds { get; init; }
    public int Silos { get; init; }
    public double Rate { get; init; }
    public int Seed { get; init; }

    /// <summary>The promised speeds and times were judged this many times milder.</summary>
    public double Slack { get; init; }

    public DurabilityCounts AcknowledgedByDurability { get; init; } = new(0, 0);
    public bool Passed => FaultHappened && Failures.Count == 0;
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>The folder with ledger, logs and data, where it was kept.</summary>
    public string? Evidence { get; init; }

    /// <param name="trouble">What else went wrong, a sentence each.</param>
    public static ChaosReport Of(ChaosSettings settings, FaultEvidence evidence, LedgerFindings found, IEnumerable<string> trouble) => Of(settings) with
    {
        FaultHappened = evidence.Count > 0,
        FaultEvidence = FormattableString.Invariant($"{evidence.Count} {evidence.Says}"),
        Submitted = found.Submitted,
        Acknowledged = found.Acknowledged,
        Refused = found.Refused,
        Uncertain = found.Uncertain,
        Completed = found.Completed,
        Lost = found.Lost,
        ExecutedAgainAfterCompletion = found.ExecutedAgainAfterCompletion,
        StaleCompletionsAccepted = found.StaleCompletionsAccepted,
        StepsRepeated = found.StepsRepeated,
        RefusedAndRan = found.RefusedAndRan,
        OkDuringFault = Round(found.OkDuringFault),
        SubmitP99MsNormal = Round(found.SubmitP99MsNormal),
        SubmitP99MsDuringFault = Round(found.SubmitP99MsDuringFault),
        NormalThroughput = Math.Round(found.NormalThroughput, 3),
        ThroughputDuringFault = Round(found.ThroughputDuringFault),
        SecondsToResume = Round(found.SecondsToResume),
        SecondsToRerun = Round(found.SecondsToRerun),
        SecondsToJoin = Round(found.SecondsToJoin),
        SecondsToDetect = Round(found.SecondsToDetect),
        Clusters = found.Clusters,
        RemindersDue = found.Reminders.Due,
        RemindersNobodys = found.Reminders.Nobodys,
        RemindersMissed = found.Reminders.Missed,
        RemindersDoubled = found.Reminders.Doubled,
        SilosRestarted = found.SilosRestarted,
        AcknowledgedByDurability = new DurabilityCounts(found.AcknowledgedByRedis, found.AcknowledgedByJournal),
        Failures = [.. Absent(evidence), .. trouble, .. found.Failures],
    };

    /// <summary>On one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private static ChaosReport Of(ChaosSettings settings) => new()
    {
        Fault = settings.Fault,
        FaultHappened = false,
        FaultEvidence = "",
        Seconds = settings.Duration.TotalSeconds,
        Silos = settings.Silos,
        Rate = settings.Rate,
        Seed = settings.Seed,
        Slack = settings.Slack,
        Failures = [],
    };

    private static IEnumerable<string> Absent(FaultEvidence evidence) =>
        evidence.Count > 0 ? [] : [$"The fault did not happen: 0 {evidence.Says}."];

    private static double? Round(double? value) => value is { } v ? Math.Round(v, 3) : null;
}

/// <summary>Acknowledged tasks by where they were safe.</summary>
internal sealed record DurabilityCounts(int Redis, int Journal);
