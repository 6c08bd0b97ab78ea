using MorningAI.Workers;

namespace MorningAI.Tasks;

/// <summary>
/// One attempt at one task: its number and the worker incarnation that holds it. Every message about an attempt
/// carries it, and the task refuses any that is not its current one (fencing).
/// </summary>
[GenerateSerializer, Immutable, Alias("mai.AttemptRef")]
public readonly record struct AttemptRef([property: Id(0)] int Number, [property: Id(1)] WorkerId Worker)
{
    public override string ToString() => $"{Number}@{Worker}";
}
