using System.Collections.Concurrent;
using MorningAI.Client.Cluster;
using MorningAI.Queues;

namespace MorningAI.Client.Submitting;

/// <summary>How many partitions each queue has. Asked once a queue, for as long as the process lives.</summary>
internal sealed class QueuePartitions(IntakeRing intakes, ClusterCalls calls, TimeSpan attemptTimeout, TimeSpan budget)
{
    private readonly ConcurrentDictionary<QueueName, int> _known = new();
    private readonly ConcurrentDictionary<QueueName, Lazy<Task<int>>> _asking = new();

    public bool TryGet(QueueName queue, out int count) => _known.TryGetValue(queue, out count);

    /// <exception cref="StoreUnavailableException">No silo answered in time.</exception>
    public Task<int> Ask(QueueName queue, CancellationToken cancellationToken) =>
        _asking.GetOrAdd(queue, static (name, self) => new Lazy<Task<int>>(() => self.Ask(name)), this).Value.WaitAsync(cancellationToken);

    private async Task<int> Ask(QueueName queue)
    {
        try
        {
            var count = await calls.Repeat(_ => intakes.Call(calls, intake => intake.CountPartitions(queue), attemptTimeout), budget, budget, CancellationToken.None).ConfigureAwait(false);
            if (count is < 1 or > PartitionId.MaxPartitions)
                throw new InvalidOperationException($"A silo says that queue '{queue}' has {count} partitions; expected 1 to {PartitionId.MaxPartitions}. Are client and silo of one version?");
            return _known[queue] = count;
        }
        finally
        {
            _asking.TryRemove(queue, out _);
        }
    }
}
