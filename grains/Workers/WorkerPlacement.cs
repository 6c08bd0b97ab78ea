using MorningAI.Cluster;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace MorningAI.Workers;

/// <summary>Puts a worker's grain on the silo of its name; where that silo is gone, on any, so that somebody can say so.</summary>
[GenerateSerializer, Immutable, Alias("mai.WorkerPlacement")]
public sealed class WorkerPlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
public sealed class WorkerPlacementAttribute() : PlacementAttribute(new WorkerPlacement());

internal sealed class WorkerPlacementDirector(ClusterView cluster) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var candidates = context.GetCompatibleSilos(target);
        var home = WorkerName.TryParse(target.GrainIdentity.Key.ToString(), out var name) ? cluster.Find(name) : null;
        return Task.FromResult(home is not null && candidates.Contains(home) ? home : candidates[Random.Shared.Next(candidates.Length)]);
    }
}
