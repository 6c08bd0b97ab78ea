using System.Diagnostics;

namespace MorningAI.Tests.Unit.Allocations;

/// <summary>
/// Counts the bytes that an operation allocates on its own thread: the same on every machine, however busy. What the
/// runtime allocates for itself while it compiles, and code that is not compiled to its best yet, may add to some rounds,
/// so the least of many counts.
/// </summary>
internal static class Allocated
{
    private const int Calls = 256;
    private const int LeastRounds = 100;

    /// <summary>Until the runtime has compiled it to its best: it puts that off while other tests bring in new code.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Of an array of bytes: its header, its length, and its content in eights.</summary>
    public static int Array(int length) => 24 + Eights(length);

    /// <summary>Of a text: two bytes a character, and 22 besides.</summary>
    public static int Text(int characters) => Eights(22 + (2 * characters));

    /// <summary>The bytes of one call, once a round of calls was within the budget; else the least that was seen.</summary>
    /// <param name="between">Between rounds, not counted: takes away what the calls left behind.</param>
    /// <param name="patience">How long it is tried; a default for null.</param>
    public static double PerCall(double budget, Action operation, Action? between = null, TimeSpan? patience = null)
    {
        var least = double.MaxValue;
        var began = Stopwatch.GetTimestamp();
        for (var round = 0; least > budget && (round < LeastRounds || Stopwatch.GetElapsedTime(began) < (patience ?? Patience)); round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < Calls; call++)
                operation();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls);
            between?.Invoke();
        }

        return least;
    }

    /// <summary>Fails where it takes more, and tells how much.</summary>
    public static void AssertAtMost(double budget, Action operation, Action? between = null, TimeSpan? patience = null)
    {
        var bytes = PerCall(budget, operation, between, patience);
        Assert.True(bytes <= budget, FormattableString.Invariant($"{bytes:0.##} bytes a call; the budget is {budget}."));
    }

    private static int Eights(int bytes) => (bytes + 7) / 8 * 8;
}
