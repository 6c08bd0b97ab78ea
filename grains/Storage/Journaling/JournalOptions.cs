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

    /// <summary>The most bytes that the journal's file may take; what does not fit is refused as on a full disk. Default: null, what the disk has.</summary>
    public long? MaxBytes { get; set; }
}
