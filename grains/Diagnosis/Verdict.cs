namespace MorningAI.Diagnosis;

/// <summary>How a step went, before it is known how long it took.</summary>
internal sealed record Verdict(string Outcome, string What)
{
    public string? Code { get; private init; }

    public string? Advice { get; private init; }

    /// <summary>The step that the fault belongs to, where that is another one than the one that met it.</summary>
    public string? At { get; init; }

    public bool IsFailure => Outcome == ProbeFinding.Failed;

    public static Verdict Ok(string what) => new(ProbeFinding.Ok, what);

    public static Verdict Skipped(string what) => new(ProbeFinding.Skipped, what);

    public static Verdict Failed(string code, string what, string advice) => new(ProbeFinding.Failed, what) { Code = code, Advice = advice };
}
