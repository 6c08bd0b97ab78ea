using System.Globalization;
using MorningAI.Silo.Bench;

namespace MorningAI.Cli.Bench.Load;

/// <summary>What the tasks of a bench carry: a string of so many bytes, whose first letter says whether its start is told.</summary>
internal static class Payloads
{
    /// <summary>Room for a sampled one's letter, moment and full stop.</summary>
    public const int MinBytes = 24;

    public static string Plain(int bytes) => new('x', bytes);

    public static string Sampled(long nanoseconds, int bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{BenchHandler.Sampled}{nanoseconds}.").PadRight(bytes, 'x');
}
