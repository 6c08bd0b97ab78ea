using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>This silo's own worker: a partition beside it pushes without a message.</summary>
internal interface ILocalWorker
{
    WorkerId Worker { get; }

    /// <summary>Takes tasks that a partition pushes; a task that is here already stays once.</summary>
    /// <param name="areFresh">Nobody can have run those that were taken in just now: their records may come from memory.</param>
    /// <param name="storing">The record of the batch's one task, where that is being stored just now; else null.</param>
    DispatchReply Accept(PartitionId partition, DispatchBatch batch, bool areFresh = false, FreshTask? storing = null);
}
