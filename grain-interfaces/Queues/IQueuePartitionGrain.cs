using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Concurrency;

namespace MorningAI.Queues;

/// <summary>Order and dispatch for one partition of one queue, in memory: a view of what is stored. Key: the <see cref="PartitionId"/>'s text.</summary>
[Alias("mai.IQueuePartitionGrain")]
public interface IQueuePartitionGrain : IGrainWithStringKey
{
    /// <summary>Tasks that are stored as queued or scheduled. One that is here already is not taken twice.</summary>
    [Alias("Enqueue")]
    Task Enqueue(QueueEntry[] entries);

    /// <summary>A worker reports tasks that it no longer holds, and its present window.</summary>
    [Alias("Released")]
    Task Released(WorkerId worker, ReleasedTask[] tasks, int window);

    /// <summary>A task that was queued was cancelled.</summary>
    [Alias("Remove")]
    Task Remove(Guid task);

    [Alias("GetStatus")]
    Task<PartitionStatus> GetStatus();

    /// <summary>What was decided about its queue; an older decision changes nothing.</summary>
    [Alias("Control")]
    Task Control(QueueControl control);

    /// <summary>Cancels what waits here: ready, held back, or for its time. What workers have goes on.</summary>
    /// <param name="most">No more than so many in this call.</param>
    [Alias("Clear")]
    Task<ClearedTasks> Clear(int most, string? reason);

    /// <summary>The task's grain is awake: attempts go by way of it, for a while.</summary>
    /// <returns>The worker that it is with now; null for none.</returns>
    [Alias("Meet"), AlwaysInterleave]
    Task<WorkerId?> Meet(Guid task);

    /// <summary>Why a task waits, as far as the partition knows.</summary>
    [Alias("Place")]
    Task<TaskPlace> Place(Guid task);

    /// <summary>Where a limit has room again: so many of those that it held back may ask once more.</summary>
    [Alias("LetGo")]
    Task<LetGoAnswer> LetGo(string limit, int count);

    /// <summary>What came before this task has ended: it may ask once more.</summary>
    [Alias("LetFollow")]
    Task LetFollow(Guid task);

    /// <summary>Activates the partition, which then rebuilds itself and goes on dispatching.</summary>
    [Alias("Wake")]
    Task Wake();
}

/// <summary>A task's place in the order.</summary>
/// <param name="Order">Rank within the partition; see <see cref="QueueRank"/>.</param>
[GenerateSerializer, Immutable, Alias("mai.QueueEntry")]
public readonly record struct QueueEntry([property: Id(0)] Guid Task, [property: Id(1)] QueueRank Order)
{
    /// <summary>Its rank's moment is to come, and it is not to be begun before.</summary>
    [Id(2)] public bool IsLater { get; init; }

    /// <summary>Its grain is asleep, and what is stored shows all that was acknowledged: the worker that it is pushed to may run it by that.</summary>
    [Id(3)] public bool IsDirect { get; init; }

    /// <summary>Its grain is asleep; but journals may have more than the store.</summary>
    [Id(4)] public bool IsAsleep { get; init; }
}

/// <summary>A task that left a worker.</summary>
/// <param name="Requeue">True where it is to run again; false where it is finished or runs elsewhere.</param>
/// <param name="Pause">How long it must wait before it is pushed again.</param>
/// <param name="HeldBy">The worker that turned out to run it, where another does.</param>
[GenerateSerializer, Immutable, Alias("mai.ReleasedTask")]
public readonly record struct ReleasedTask(
    [property: Id(0)] Guid Task,
    [property: Id(1)] bool Requeue,
    [property: Id(2)] TimeSpan Pause,
    [property: Id(3)] WorkerId? HeldBy)
{
    /// <summary>The limit, or the order, that kept it from being begun; null for none.</summary>
    [Id(4)] public string? HeldBackBy { get; init; }

    /// <summary>The store may show it as it was before: nobody but its grain knows better.</summary>
    [Id(5)] public bool IsBehind { get; init; }
}

/// <param name="Cancelled">Now.</param>
/// <param name="Left">Still waiting here.</param>
[GenerateSerializer, Immutable, Alias("mai.ClearedTasks")]
public sealed record ClearedTasks([property: Id(0)] int Cancelled, [property: Id(1)] int Left);

/// <param name="Let">How many may ask once more.</param>
/// <param name="Left">How many are still held back by the limit.</param>
[GenerateSerializer, Immutable, Alias("mai.LetGoAnswer")]
public sealed record LetGoAnswer([property: Id(0)] int Let, [property: Id(1)] int Left);

/// <summary>A partition at one moment.</summary>
[GenerateSerializer, Immutable, Alias("mai.PartitionStatus")]
public sealed record PartitionStatus
{
    [Id(0)] public required PartitionId Partition { get; init; }

    /// <summary>Ready, not yet pushed to a worker.</summary>
    [Id(1)] public required int Ready { get; init; }

    /// <summary>Pushed to a worker and not yet back.</summary>
    [Id(2)] public required int Assigned { get; init; }

    /// <summary>Workers that it may push to.</summary>
    [Id(3)] public required int Workers { get; init; }

    /// <summary>When the first of the ready ones was made.</summary>
    [Id(4)] public required DateTimeOffset? OldestReadyAt { get; init; }

    /// <summary>Known to wait for their time.</summary>
    [Id(6)] public int Scheduled { get; init; }

    /// <summary>Stored tasks by state, in the order of <see cref="TaskState"/>; null where the store cannot be asked now.</summary>
    [Id(5)] public required long[]? Stored { get; init; }

    /// <summary>Held back by limits or by their order.</summary>
    [Id(7)] public int HeldBack { get; init; }

    /// <summary>What was decided about the queue; null for nothing.</summary>
    [Id(8)] public QueueControl? Control { get; init; }

    /// <summary>How many tasks more its workers would take of it now.</summary>
    [Id(9)] public int Credits { get; init; }

    /// <summary>It has compared itself with the store since it came up: it knows all that waits.</summary>
    [Id(10)] public bool Complete { get; init; }

    /// <summary>By limit or order, how many each holds back: the fullest, at most <see cref="MaxLanes"/>.</summary>
    [Id(11)] public HeldLane[] Lanes { get; init; } = [];

    /// <summary>The most that <see cref="Lanes"/> names.</summary>
    public const int MaxLanes = 20;
}

/// <param name="By">The name of the limit, or of the order.</param>
/// <param name="Since">When the longest held came there.</param>
[GenerateSerializer, Immutable, Alias("mai.HeldLane")]
public sealed record HeldLane([property: Id(0)] string By, [property: Id(1)] int Count, [property: Id(2)] DateTimeOffset Since);
