namespace MorningAI.Storage.Journaling;

/// <summary>How the journal keeps records.</summary>
public sealed class JournalOptions
{
    /// <summary>Default: true. Without it Redis alone acknowledges: in an outage nothing is taken, and what Redis forgets is lost. For silos without a disk of their own, and to measure what the journal costs.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How long a finished record stays after the store confirmed it, so that a store that comes back older can be given it again. Default: 10 minutes.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The most records in one commit. Default: 4096.</summary>
    public int MaxBatch { get; set; } = 4096;

    /// <summary>
    /// How long records that the store acknowledges, and that the tail has until then, wait for others to share a commit:
    /// each keeps the disk from the store's own log; and of a task that ends meanwhile its end alone is written. 200 ms.
    /// </summary>
    internal TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The most bytes that the journal's file may take; what does not fit is refused as on a full disk. Default: null, what the disk has.</summary>
    public long? MaxBytes { get; set; }
}
