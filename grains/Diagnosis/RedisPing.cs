namespace MorningAI.Diagnosis;

/// <summary>Does it answer, and how fast: <c>GET /ops/redis/ping</c>.</summary>
/// <param name="AskedFrom">As <see cref="RedisDiagnosis.AskedFrom"/>.</param>
/// <param name="Count">Pings that were answered.</param>
/// <param name="BestMs">The fastest of them, from sending to answer.</param>
/// <param name="Failure">The step on the way that failed; null where it answers.</param>
/// <param name="LastAnswerAt">When it last answered the silo's own work; null where no silo was asked.</param>
/// <param name="State">The silo's opinion: healthy, suspect, down or recovering; null where no silo was asked.</param>
public sealed record RedisPing(
    string AskedFrom,
    string Address,
    bool Ok,
    int Count,
    double? BestMs,
    double? MedianMs,
    ProbeFinding? Failure,
    DateTimeOffset? LastAnswerAt = null,
    string? State = null);
