using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Workers;

/// <summary>The worker of one silo: capacity, running attempts, heartbeat. Key: the silo's name; it lives on that silo.</summary>
[Alias("mai.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Starts the beat and the dead man's switch. The worker's silo calls it once it is up, until the answer is true, and now and then after that: the grain may be lost with another silo.</summary>
    /// <returns>False where the grain was still alive on another silo, left there by an earlier life: it goes, ask again.</returns>
    [Alias("Begin")]
    Task<bool> Begin();

    /// <summary>A queue partition (re)introduces itself. It learns how many tasks it may have here at a time, and which of its own already are.</summary>
    [Alias("Attach")]
    Task<WorkerAttachment> Attach(PartitionId partition);

    /// <summary>Tasks pushed by a queue partition, within the window it was given. None of them is held where <see cref="DispatchReply.Taken"/> is false.</summary>
    [Alias("Dispatch")]
    Task<DispatchReply> Dispatch(PartitionId partition, DispatchBatch batch);

    /// <summary>Cancels the token of a running attempt, and forgets the task where it only waits.</summary>
    [Alias("Cancel")]
    Task Cancel(TaskId task);

    /// <summary>The task's grain is awake: an attempt that was begun without it goes on by way of it. Where its end is just being written, that is waited for.</summary>
    /// <returns>The task's record with its header, which may not be stored yet; empty where it is not here any more, and the store has what this silo did; null where no attempt was begun here without the grain.</returns>
    [Alias("HandOver")]
    Task<byte[]?> HandOver(TaskId task);

    /// <summary>A partition has come up, and does not know which grains of its tasks are awake on the worker's silo: they meet it anew.</summary>
    /// <returns>This life of the worker.</returns>
    [Alias("Introduce")]
    Task<WorkerId> Introduce(PartitionId partition);

    /// <summary>Which tasks here count towards a limit, for a limiter that has forgotten: those that run, and those about to begin of which it is not known yet.</summary>
    [Alias("Limited")]
    Task<LimitedTasks> Limited(string limit);

    /// <summary>From now on nothing new is taken, and everybody is told so.</summary>
    [Alias("Drain")]
    Task Drain();
}

/// <summary>What a worker answers to a queue partition that attaches.</summary>
/// <param name="Worker">This life of the worker; the host is not this silo's where the worker's silo is gone.</param>
/// <param name="Window">The most tasks of this partition that may be here at a time; 0 while draining.</param>
/// <param name="Held">The partition's tasks that are here.</param>
[GenerateSerializer, Immutable, Alias("mai.WorkerAttachment")]
public sealed record WorkerAttachment(
    [property: Id(0)] WorkerId Worker,
    [property: Id(1)] int Window,
    [property: Id(2)] IReadOnlyList<QueueEntry> Held)
{
    /// <summary>What its silo has acknowledged the store may not show yet.</summary>
    [Id(3)] public bool IsBehind { get; init; }
}

/// <param name="Worker">This life of the worker.</param>
/// <param name="Running">Attempts that the limit counts.</param>
/// <param name="Beginning">Attempts that are about to begin, of any kind.</param>
[GenerateSerializer, Immutable, Alias("mai.LimitedTasks")]
public sealed record LimitedTasks(
    [property: Id(0)] WorkerId Worker,
    [property: Id(1)] TaskId[] Running,
    [property: Id(2)] TaskId[] Beginning);

/// <param name="Tasks">The unique parts of the tasks' ids; queue and partition are the sender's.</param>
/// <param name="Backlog">How many more the sender has ready: a partition with a backlog is given a larger window.</param>
[GenerateSerializer, Immutable, Alias("mai.DispatchBatch")]
public sealed record DispatchBatch([property: Id(0)] QueueEntry[] Tasks, [property: Id(1)] int Backlog);

[GenerateSerializer, Immutable, Alias("mai.DispatchReply")]
public sealed record DispatchReply([property: Id(0)] bool Taken, [property: Id(1)] WorkerId Worker, [property: Id(2)] int Window);
