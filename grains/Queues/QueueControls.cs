using System.Collections.Concurrent;

namespace MorningAI.Queues;

/// <summary>
/// What was decided about queues, as this silo last heard. In memory on every silo, so that a partition knows at its first
/// step whether it is paused, and asks nobody: neither an outage nor a death delays what is not paused, or starts what is.
/// </summary>
internal sealed class QueueControls
{
    private readonly ConcurrentDictionary<QueueName, QueueControl> _known = new();

    public QueueControl? Of(QueueName queue) => _known.IsEmpty ? null : _known.GetValueOrDefault(queue);

    /// <summary>An older one changes nothing.</summary>
    public void Take(QueueControl control) =>
        _known.AddOrUpdate(control.Queue, control, (_, known) => known.Version >= control.Version ? known : control);
}
