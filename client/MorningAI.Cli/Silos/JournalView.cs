using MorningAI.Storage.Journaling;

namespace MorningAI.Cli.Silos;

/// <summary><c>morningai journal --json</c>.</summary>
internal sealed record JournalView(
    string Path,
    string Id,
    string ClusterId,
    string ServiceId,
    long Records,
    long Waiting,
    double? OldestWaitingSeconds,
    long FileBytes,
    long WalBytes,
    long Quarantined,
    IReadOnlyList<string> SetAside)
{
    public static JournalView Of(JournalReport report) => new(
        report.Path,
        report.Id,
        report.Identity.ClusterId,
        report.Identity.ServiceId,
        report.Stats.Records,
        report.Stats.Waiting,
        report.Stats.OldestWaiting?.TotalSeconds,
        report.Stats.FileBytes,
        report.Stats.WalBytes,
        report.Stats.Quarantined,
        report.Stats.SetAside);
}

/// <summary>A line of <c>morningai journal quarantine --json</c>.</summary>
internal sealed record QuarantineView(DateTimeOffset At, string Key, string Reason, byte[] Bytes)
{
    public static QuarantineView Of(QuarantineEntry entry) => new(entry.At, entry.Key, entry.Reason, entry.Bytes);
}
