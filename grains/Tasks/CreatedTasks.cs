using MorningAI.Intake;

namespace MorningAI.Tasks;

/// <summary>
/// The small ones of the tasks that this silo has taken in within a second: a worker here that begins one right away need
/// not read it back. For a start only, whose first write is refused should somebody have changed the task meanwhile; what
/// is shown to people is read.
/// </summary>
internal sealed class CreatedTasks(TimeProvider time)
{
    /// <summary>A power of two. With <see cref="LargestPayload"/> it bounds the memory to some 2 MiB.</summary>
    private const int Slots = 512;

    /// <summary>Bytes.</summary>
    private const int LargestPayload = 4096;

    /// <summary>Well below the 6 s that it takes to find a silo dead and give its tasks to others.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    private readonly Created?[] _slots = new Created?[Slots];

    public void Put(TaskId id, TaskRecord task)
    {
        if (task.Payload.Length <= LargestPayload)
            Volatile.Write(ref SlotOf(id), new Created(id, task, time.GetTimestamp()));
    }

    /// <returns>Null where it is not known, or was taken before.</returns>
    public TaskRecord? Take(TaskId id)
    {
        ref var slot = ref SlotOf(id);
        var created = Volatile.Read(ref slot);
        return created?.Id == id && Interlocked.CompareExchange(ref slot, null, created) == created && time.GetElapsedTime(created.At) < Age ? created.Task : null;
    }

    private ref Created? SlotOf(TaskId id) => ref _slots[id.Unique.GetHashCode() & (Slots - 1)];

    private sealed record Created(TaskId Id, TaskRecord Task, long At);
}
