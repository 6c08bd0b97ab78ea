using MorningAI.Storage;

namespace MorningAI.Tasks;

/// <summary>
/// Records of tasks that this silo has just taken in, on their way from its intake by their queue to its worker, where all
/// three are on one silo: an idle one then begins a task without reading back what it has just written. Each is given away
/// once, to the push that its queue makes at once; whatever comes later reads what is stored.
/// </summary>
internal sealed class FreshTasks(TimeProvider time)
{
    /// <summary>From before it was stored on. A queue that is told later than that may have found it in the store before, and it has run.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(500);

    /// <summary>Of the latest ones; two that fall on one place cost a read.</summary>
    private const int Places = 1024;

    private readonly Fresh?[] _places = new Fresh?[Places];

    /// <summary>The store has it, in this first version, or is being given it.</summary>
    /// <param name="since">A timestamp from before it was sent there.</param>
    public void Put(TaskId id, FreshTask task, long since) => Volatile.Write(ref PlaceOf(id), new Fresh(id, task, since));

    /// <returns>Null where there is none, or none any more.</returns>
    public FreshTask? Take(TaskId id)
    {
        ref var place = ref PlaceOf(id);
        var fresh = Volatile.Read(ref place);
        if (fresh is null || fresh.Id != id || Interlocked.CompareExchange(ref place, null, fresh) != fresh)
            return null;
        return time.GetElapsedTime(fresh.Since) < Lifetime ? fresh.Task : null;
    }

    private ref Fresh? PlaceOf(TaskId id) => ref _places[(uint)id.Unique.GetHashCode() % Places];

    private sealed record Fresh(TaskId Id, FreshTask Task, long Since);
}

/// <param name="Stored">Completes once it is stored, or could not be: before that there is nothing to be read of it. Never fails.</param>
internal sealed record FreshTask(TaskRecord Task, Task Stored);
