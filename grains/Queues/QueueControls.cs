namespace MorningAI.Queues;

/// <summary>
/// What was decided about queues, as this silo last heard. In memory on every silo, so that a partition knows at its first
/// step whether it is paused, and asks nobody: neither an outage nor a death delays what is not paused, or starts what is.
/// </summary>
internal sealed class QueueControls
{
    private readonly Lock _lock = new();
    private volatile Dictionary<QueueName, QueueControl> _known = []; // never changed, but replaced: every push and submit looks

    public QueueControl? Of(QueueName queue) => _known is { Count: > 0 } known ? known.GetValueOrDefault(queue) : null;

    /// <summary>An older one changes nothing.</summary>
    public void Take(QueueControl control)
    {
        lock (_lock)
        {
            if (!_known.TryGetValue(control.Queue, out var known) || known.Version < control.Version)
                _known = new Dictionary<QueueName, QueueControl>(_known) { [control.Queue] = control };
        }
    }
}
