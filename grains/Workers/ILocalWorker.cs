using MorningAI.Queues;

namespace MorningAI.Workers;

/// <summary>This silo's own worker: a partition beside it pushes without a message.</summary>
internal interface ILocalWorker
{
    WorkerId Worker { get; }

    /// <summary>Takes tasks that a partition pushes; a task that is here already stays once.</summary>
    DispatchReply Accept(PartitionId partition, DispatchBatch batch);
}
