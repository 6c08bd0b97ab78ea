namespace MorningAI.Diagnosis;

/// <summary>What Redis says of itself, and what of it is bad: <c>GET /ops/redis</c>.</summary>
/// <param name="AskedFrom">As <see cref="RedisDiagnosis.AskedFrom"/>.</param>
/// <param name="Failure">The step that failed; null where it answered.</param>
/// <param name="Server">Null where it did not answer.</param>
/// <param name="LastAnswerAt">When it last answered the silo's own work; null where no silo was asked.</param>
/// <param name="State">The silo's opinion: healthy, suspect, down or recovering; null where no silo was asked.</param>
public sealed record RedisInfo(
    string AskedFrom,
    string Address,
    bool Ok,
    ProbeFinding? Failure,
    ServerFacts? Server,
    IReadOnlyList<ServerWarning> Warnings,
    DateTimeOffset? LastAnswerAt = null,
    string? State = null);

/// <summary>Something in what Redis says that asks for an operator.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Severity"><c>bad</c>: data or work is at risk now; <c>warning</c>: it may come to that.</param>
public sealed record ServerWarning(string Code, string Severity, string What, string Advice)
{
    public const string Bad = "bad", Warning = "warning";
}
