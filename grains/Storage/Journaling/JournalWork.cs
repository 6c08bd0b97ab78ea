namespace MorningAI.Storage.Journaling;

/// <summary>What one commit takes to the file.</summary>
internal sealed class JournalWork
{
    public List<PendingAppend> Appends { get; } = [];

    public List<(RecordKey Key, long Seq)> Drops { get; } = [];

    public List<QuarantineEntry> Quarantines { get; } = [];

    /// <summary>Rows whose checksum does not fit, and what is wrong.</summary>
    public List<(RowId Row, string Reason)> Damaged { get; } = [];

    public bool Tick { get; set; }

    public void Clear()
    {
        Appends.Clear();
        Drops.Clear();
        Quarantines.Clear();
        Damaged.Clear();
        Tick = false;
    }
}
