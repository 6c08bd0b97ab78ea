using System.Diagnostics;
using Orleans.Runtime;

namespace MorningAI.Silo;

/// <summary>
/// Ends the process at once where Orleans says that this silo cannot go on, mostly because the others have called it dead:
/// what was its own is theirs, and every moment more it might touch it. Orleans' own handler waits two seconds first, so that
/// loggers can write, and prints two stack traces.
/// </summary>
internal sealed class FatalEnd(SiloPlan plan) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        // Orleans has no other mark for it than its words.
        var reason = context?.Contains("told I am dead", StringComparison.Ordinal) == true
            ? "the other silos called it dead while it stood still or was cut off, and go on with its work"
            : exception?.Message ?? context ?? "Orleans does not say why";
        Console.Error.WriteLine($"Silo {plan.Name} ends at once: {reason}. What it acknowledged is in Redis or in its journal. Start it again, with the same data folder; a supervisor does.");
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
