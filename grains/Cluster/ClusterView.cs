using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Cluster;

/// <summary>What this silo knows of the others: from membership in memory, never from the store.</summary>
public sealed class ClusterView(IClusterMembershipService membership, ILocalSiloDetails local)
{
    /// <summary>
    /// True where the silo is known to be dead, or its successor at the same address is known. A silo that nothing is
    /// known of is gone if it started before this one, whose first look at the table would have shown it; a younger one
    /// may be joining.
    /// </summary>
    public bool IsGone(SiloAddress silo) => membership.CurrentSnapshot.GetSiloStatus(silo) switch
    {
        SiloStatus.Dead => true,
        SiloStatus.None => silo.Generation < local.SiloAddress.Generation,
        _ => false,
    };

    /// <summary>The live silo of that name; null where there is none.</summary>
    public SiloAddress? Find(WorkerName name)
    {
        foreach (var member in membership.CurrentSnapshot.Members.Values)
        {
            if (member.Name == name.Value && member.Status is (SiloStatus.Active or SiloStatus.ShuttingDown))
                return member.SiloAddress;
        }

        return null;
    }

    /// <summary>As far as the table goes back there was no silo but this one, in this life or an earlier one: nobody else has a journal, or tasks.</summary>
    public bool IsAlone
    {
        get
        {
            foreach (var silo in membership.CurrentSnapshot.Members.Keys)
            {
                if (!silo.Endpoint.Equals(local.SiloAddress.Endpoint))
                    return false;
            }

            return true;
        }
    }

    /// <summary>Those that the table still speaks of.</summary>
    public IEnumerable<SiloAddress> Dead => membership.CurrentSnapshot.Members.Values.Where(static m => m.Status == SiloStatus.Dead).Select(static m => m.SiloAddress);

    public IReadOnlyList<ClusterMember> Members => [.. membership.CurrentSnapshot.Members.Values];
}
