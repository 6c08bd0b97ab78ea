using MorningAI.Tasks;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Queues;

/// <summary>
/// The tasks of a partition whose grains have met it: their attempts go by way of the grains. A partition that has just come
/// up does not know whom its earlier life met, until every silo that may have been there has been told of it.
/// </summary>
internal sealed class AwakeTasks(TimeProvider time)
{
    private readonly HashSet<SiloAddress> _untold = []; // known to have been there, or coming up, when the partition came up
    private readonly HashSet<SiloAddress> _told = [];
    private readonly Recent<Guid> _met = new(DirectAttempts.RememberedFor, time);

    public int Count => _met.Count;

    /// <summary>Nobody but a worker moves it on, if anyone does.</summary>
    public bool IsAsleep(Guid task) => _untold.Count == 0 && !_met.Contains(task);

    public void Meet(Guid task) => _met.Add(task);

    public void Forget(Guid task) => _met.Remove(task);

    /// <summary>Its grains may count on the partition's earlier life.</summary>
    public bool IsUntold(SiloAddress silo) => !_told.Contains(silo);

    /// <summary>Their silos may have grains that count on the partition's earlier life.</summary>
    public void Await(IEnumerable<SiloAddress> silos) => _untold.UnionWith(silos);

    public void Told(WorkerId worker)
    {
        _untold.Remove(worker.Host);
        _told.Add(worker.Host);
    }

    public void Gone(Func<SiloAddress, bool> isGone)
    {
        _untold.RemoveWhere(s => isGone(s));
        _told.RemoveWhere(s => isGone(s));
    }
}
