namespace MorningAI.Diagnosis;

/// <summary>What became of one step on the way to Redis.</summary>
/// <param name="Step"><c>dns</c>, <c>tcp</c>, <c>tls</c>, <c>auth</c>, <c>ping</c>, <c>role</c> or <c>write</c>.</param>
/// <param name="Outcome"><c>ok</c>, <c>failed</c>, or <c>skipped</c>: not needed here, or not reached.</param>
/// <param name="Ms">How long it took; null where it was not taken.</param>
/// <param name="Code">For programs: which fault it is; null unless it failed.</param>
/// <param name="What">What was found, for people. Never holds a password.</param>
/// <param name="Advice">How to mend it; null unless it failed.</param>
public sealed record ProbeFinding(string Step, string Outcome, double? Ms, string? Code, string What, string? Advice)
{
    public const string Ok = "ok", Failed = "failed", Skipped = "skipped";

    internal static ProbeFinding NotReached(string step) => new(step, Skipped, null, null, "not reached", null);
}
