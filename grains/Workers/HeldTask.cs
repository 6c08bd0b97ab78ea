using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>Why a running attempt was told to stop.</summary>
internal enum StopReason
{
    None,
    Cancelled,
    Draining,
}

/// <summary>A task that a worker has: waiting for a slot, or running.</summary>
/// <param name="acceptedAt">When it came to this worker, as its clock's timestamp.</param>
internal sealed class HeldTask(TaskId id, QueueRank rank, long acceptedAt)
{
    private readonly CancellationTokenSource _stop = new();

    public TaskId Id { get; } = id;

    /// <summary>Its place in its partition, for a partition that has forgotten it.</summary>
    public QueueRank Rank { get; } = rank;

    public long AcceptedAt { get; } = acceptedAt;

    public StopReason Reason { get; private set; }

    /// <summary>Its attempt was found not to be the task's current one: how it ends is nobody's business any more.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>It has a slot, and has asked its task to begin.</summary>
    public bool IsBeginning { get; set; }

    /// <summary>The limits that count its attempt; null before it has begun.</summary>
    public string[]? Limits { get; set; }

    /// <summary>Its task's grain is asleep as far as is known: it is moved on from here. Under the runner's lock.</summary>
    public bool IsDirect { get; set; }

    /// <summary>What is stored shows all that was acknowledged of it, by what its queue knew.</summary>
    public bool IsStoreTrue { get; init; }

    /// <summary>Its record, where it was taken in just now and nobody can have moved it on; else null.</summary>
    public FreshTask? Fresh { get; set; }

    /// <summary>Its record, where it was asked for when it came; else null.</summary>
    public Task<StoredRecord?>? Ahead { get; set; }

    /// <summary>The attempt that was begun without the task's grain; null for none. Under the runner's lock.</summary>
    public DirectAttempt? Direct { get; set; }

    /// <summary>For a slot, since somebody last looked.</summary>
    public bool HasWaited { get; set; }

    /// <summary>Cancelled when the attempt is to stop before its time.</summary>
    public CancellationToken Stopping => _stop.Token;

    public void Stop(StopReason reason)
    {
        if (Reason != StopReason.None)
            return;
        Reason = reason;
        // Off this thread: a handler's callbacks may be slow, and they are not ours.
        _ = _stop.CancelAsync();
    }
}
