namespace MorningAI.Storage.Journaling;

/// <summary>The place of an append, known at once, and when it is on disk.</summary>
internal readonly struct JournalTicket
{
    private readonly PendingAppend? _append;
    private readonly Task? _durable;

    public JournalTicket(long seq, Task durable)
    {
        Seq = seq;
        _durable = durable;
    }

    public JournalTicket(PendingAppend append)
    {
        Seq = append.Seq;
        _append = append;
    }

    public long Seq { get; }

    /// <summary>Faults with <see cref="JournalUnavailableException"/> where the disk refused it. Costs nothing unless asked for.</summary>
    public Task Durable => _durable ?? _append!.Durable;
}
