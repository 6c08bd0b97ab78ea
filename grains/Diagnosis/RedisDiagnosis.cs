namespace MorningAI.Diagnosis;

/// <summary>The way to Redis, step by step: <c>POST /ops/redis/diagnose</c>.</summary>
/// <param name="AskedFrom">The name of the silo that went it, or <see cref="Here"/>.</param>
/// <param name="Address">As a URL, without the password.</param>
/// <param name="FirstFailure">The name of the step; null where all is well.</param>
public sealed record RedisDiagnosis(string AskedFrom, string Address, bool Ok, string? FirstFailure, IReadOnlyList<ProbeFinding> Steps)
{
    /// <summary>From the machine and process of the caller, by no silo.</summary>
    public const string Here = "here";

    internal static RedisDiagnosis Of(string askedFrom, RedisTarget target, IReadOnlyList<ProbeFinding> steps)
    {
        var failure = steps.FirstOrDefault(s => s.Outcome == ProbeFinding.Failed);
        return new RedisDiagnosis(askedFrom, target.ToString(), failure is null, failure?.Step, steps);
    }
}
