using MorningAI.Storage;
using Orleans.Runtime;

namespace MorningAI.Tasks;

/// <summary>
/// Grains of tasks that have ended and whose end only this silo's journal has. They stay, for another activation would
/// read what the store had before; once the store has it all they are let go. In a soak with an outage every ten seconds
/// they were 59,000 after half an hour.
/// </summary>
public sealed class KeptTasks
{
    private readonly Lock _lock = new();
    private List<IGrainContext> _kept = [];
    private List<IGrainContext> _ripe = [];

    public KeptTasks(StoreHealth health) => health.IsWhole += LetGo;

    public int Count
    {
        get
        {
            lock (_lock)
                return _kept.Count + _ripe.Count;
        }
    }

    public void Keep(IGrainContext grain)
    {
        lock (_lock)
            _kept.Add(grain);
    }

    /// <summary>With the second word that all is there: one that came in just now may have been journaled since that was found.</summary>
    private void LetGo()
    {
        List<IGrainContext> gone;
        lock (_lock)
            (gone, _ripe, _kept) = (_ripe, _kept, []);
        foreach (var grain in gone)
            grain.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The store has the end of this task."));
    }
}
