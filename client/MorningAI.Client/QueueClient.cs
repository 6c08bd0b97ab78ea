using MorningAI.Client.Cluster;
using MorningAI.Explaining;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Client;

/// <summary>Calls the queue directory and the explainer, and repeats what was not answered: deciding twice is deciding once.</summary>
internal sealed class QueueClient(KnownGrains grains, ClusterCalls calls, MorningAIClientOptions options) : IQueueClient
{
    public Task<QueueControl> Pause(QueueName queue, string? by = null, string? reason = null, CancellationToken cancellationToken = default) =>
        Decide(queue, QueueCommand.Pause, by, reason, cancellationToken);

    public Task<QueueControl> Drain(QueueName queue, string? by = null, string? reason = null, CancellationToken cancellationToken = default) =>
        Decide(queue, QueueCommand.Drain, by, reason, cancellationToken);

    public Task<QueueControl> Resume(QueueName queue, CancellationToken cancellationToken = default) =>
        Decide(queue, QueueCommand.Resume, null, null, cancellationToken);

    public Task<TaskExplanation?> Explain(TaskId task, CancellationToken cancellationToken = default) =>
        Repeat(() => grains.Explainer().OfTask(task), cancellationToken);

    public Task<QueueExplanation?> Explain(QueueName queue, CancellationToken cancellationToken = default) =>
        Repeat(() => grains.Explainer().OfQueue(Named(queue)), cancellationToken);

    private Task<QueueControl> Decide(QueueName queue, QueueCommand command, string? by, string? reason, CancellationToken cancellationToken) =>
        Repeat(() => grains.Queues().Decide(Named(queue), command, by, reason), cancellationToken);

    private Task<T> Repeat<T>(Func<Task<T>> call, CancellationToken cancellationToken) =>
        calls.Repeat(_ => call(), options.AttemptTimeout, options.ReadTimeout, cancellationToken);

    private static QueueName Named(QueueName queue) => queue.Value is null
        ? throw new ArgumentException("The queue has no name: make one with QueueName.Parse.", nameof(queue))
        : queue;
}
