using MorningAI.Storage.Journaling;

namespace MorningAI.Silo.Api;

/// <summary><c>GET /ops/journal</c>, and a part of <c>GET /health</c>.</summary>
/// <param name="Waiting">Records that the store has not confirmed.</param>
/// <param name="Uncommitted">Records on their way to the disk.</param>
/// <param name="Quarantined">Records that could not be read: <c>morningai journal quarantine</c> shows them.</param>
/// <param name="SetAside">Damaged files beside the journal's.</param>
/// <param name="Refusal">Why the disk took nothing at the last attempt.</param>
public sealed record JournalResponse(
    long Records,
    long Waiting,
    double? OldestWaitingSeconds,
    int Uncommitted,
    long FileBytes,
    long WalBytes,
    long Commits,
    double RecordsPerCommit,
    double LastCommitMs,
    long Quarantined,
    IReadOnlyList<string> SetAside,
    string? Refusal)
{
    internal static JournalResponse Of(JournalStats stats)
    {
        var activity = stats.Activity ?? new JournalActivity(0, 0, 0, TimeSpan.Zero, null);
        return new JournalResponse(
            stats.Records,
            stats.Waiting,
            stats.OldestWaiting?.TotalSeconds,
            activity.Uncommitted,
            stats.FileBytes,
            stats.WalBytes,
            activity.Commits,
            Math.Round(activity.RecordsPerCommit, 2),
            Math.Round(activity.LastCommit.TotalMilliseconds, 3),
            stats.Quarantined,
            stats.SetAside,
            activity.Refusal);
    }
}
