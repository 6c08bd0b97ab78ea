namespace MorningAI.Cluster.Membership;

/// <summary>How a silo starts on a blank membership table, and where it remembers the others.</summary>
public sealed class MembershipOptions
{
    /// <summary>Silos of this cluster, <c>host:silo-port</c> each, beside those that the last life met. A silo that finds the table blank waits for them. Default: none.</summary>
    public IList<string> Peers { get; } = [];

    /// <summary>How long a blank table is given to be put back by silos that this one has never heard of. Default: 0.8 s from when it was first seen blank: they look five times a second, and had it back within 0.2 s in twenty losses.</summary>
    public TimeSpan WaitForTable { get; set; } = TimeSpan.FromSeconds(0.8);

    /// <summary>The same where a known peer listens; bounded, since that peer may be waiting for this silo. Default: 10 s.</summary>
    public TimeSpan WaitForPeers { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Nobody else can be in the table: the store is this process' own. Default: false.</summary>
    public bool IsAlone { get; set; }

    /// <summary>The file that keeps the last members. Required.</summary>
    public string File { get; set; } = "";
}
