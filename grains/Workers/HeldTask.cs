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
internal sealed class HeldTask(TaskId id)
{
    private readonly CancellationTokenSource _stop = new();

    public TaskId Id { get; } = id;

    public StopReason Reason { get; private set; }

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
