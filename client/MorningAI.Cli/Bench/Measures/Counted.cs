using System.Text.Json;

namespace MorningAI.Cli.Bench.Measures;

/// <summary>So many tasks in so many seconds.</summary>
internal sealed record Counted(long Count, double Seconds)
{
    public double Rate => Seconds > 0 ? Count / Seconds : 0;

    /// <summary>As drivers tell it.</summary>
    public static Counted Of(JsonElement answer) => new(answer.GetProperty("count").GetInt64(), answer.GetProperty("seconds").GetDouble());
}

/// <param name="Count">Tasks that ended.</param>
/// <param name="Rate">Of those after the first ones.</param>
/// <param name="Polls">How often Redis was asked for it.</param>
/// <param name="End">What the system had used by then.</param>
internal sealed record Drained(long Count, double Rate, int Polls, SystemUse End);
