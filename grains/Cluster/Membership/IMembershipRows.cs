namespace MorningAI.Cluster.Membership;

/// <summary>The whole membership table at once, which <see cref="IMembershipTable"/> has no words for.</summary>
internal interface IMembershipRows
{
    Task<MembershipImage> Read();

    /// <returns>False, and nothing changed, where the table is no longer at the version of <paramref name="there"/>.</returns>
    Task<bool> TryReplace(MembershipImage there, MembershipImage healed);
}
