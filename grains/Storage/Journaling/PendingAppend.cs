namespace MorningAI.Storage.Journaling;

/// <summary>A record on its way to the file.</summary>
internal sealed class PendingAppend(long seq, RecordWrite write, bool acknowledged, PendingAppend? earlier)
{
    private static readonly object OnDisk = new();

    // Null until it is asked for or over; then a TaskCompletionSource, OnDisk or the refusal.
    private object? _outcome;

    public long Seq { get; } = seq;

    public RecordWrite Write { get; } = write;

    /// <summary>By the journal, as soon as it is on disk.</summary>
    public bool IsAcknowledged { get; } = acknowledged;

    /// <summary>The one before it of the same key, if that was on its way too.</summary>
    public PendingAppend? Earlier { get; set; } = earlier;

    /// <summary>The store has confirmed it.</summary>
    public bool IsStored { get; set; }

    /// <summary>A later one of its key goes into the same commit, and the store has confirmed that: nobody needs this one any more.</summary>
    public bool IsObsolete { get; private set; }

    /// <summary>What came before it on its way to the file is not needed there.</summary>
    public void Supersede()
    {
        for (var earlier = Earlier; earlier is { IsObsolete: false }; earlier = earlier.Earlier)
            earlier.IsObsolete = true;
    }

    public Task Durable
    {
        get
        {
            if (_outcome is null)
                Interlocked.CompareExchange(ref _outcome, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
            return _outcome switch
            {
                TaskCompletionSource asked => asked.Task,
                JournalUnavailableException refusal => Task.FromException(refusal),
                _ => Task.CompletedTask,
            };
        }
    }

    /// <param name="refusal">Null where it is on disk.</param>
    public void End(JournalUnavailableException? refusal)
    {
        if (Interlocked.CompareExchange(ref _outcome, refusal ?? OnDisk, null) is not TaskCompletionSource asked)
            return;
        if (refusal is null)
        {
            asked.SetResult();
            return;
        }

        asked.SetException(refusal);
        _ = asked.Task.Exception; // whoever asked may have stopped caring
    }
}
