using MorningAI.Workers;

namespace MorningAI.Queues;

/// <summary>Tells one silo what was decided. Key: the silo's name; it lives there.</summary>
[Alias("mai.IQueueControlsGrain")]
internal interface IQueueControlsGrain : IGrainWithStringKey
{
    [Alias("Take")]
    Task Take(QueueControl control);
}

[WorkerPlacement]
internal sealed class QueueControlsGrain(QueueControls controls) : Grain, IQueueControlsGrain
{
    /// <remarks>Where it has been left on another silo than its own, that one is told twice, and its own within a second, as it asks.</remarks>
    public Task Take(QueueControl control)
    {
        controls.Take(control);
        return Task.CompletedTask;
    }
}
