namespace MorningAI.Storage.Journaling;

/// <summary>The place of an append, known at once, and when it is on disk.</summary>
internal readonly struct JournalTicket
{
    private readonly PendingWork? _pending;
    private readonly PendingAppend? _append;
    private readonly Task? _durable;

    public JournalTicket(long seq, Task durable)
    {
        Seq = seq;
        _durable = durable;
    }

    public JournalTicket(PendingWork pending, PendingAppend append)
    {
        Seq = append.Seq;
        _pending = pending;
        _append = append;
    }

    public long Seq { get; }

    /// <summary>The store has confirmed it. Where the disk refused it, it is journaled once the disk takes records again.</summary>
    public void IsStored()
    {
        if (_append is not null)
            _append.IsStored = true;
    }

    /// <summary>Faults with <see cref="JournalUnavailableException"/> where the disk refused it. Asking for it brings it to disk at once; otherwise it waits a moment for others.</summary>
    public Task Durable
    {
        get
        {
            if (_append is null)
                return _durable!;
            var durable = _append.Durable;
            if (!durable.IsCompleted)
                _pending!.Hurry();
            return durable;
        }
    }
}
