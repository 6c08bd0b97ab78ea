namespace MorningAI.Cluster;

/// <summary>See <see cref="CommonOutage"/>.</summary>
public interface ICommonOutage
{
    /// <summary>The store is away from this silo.</summary>
    bool IsHere { get; }

    /// <summary>And from every other.</summary>
    bool IsCommon { get; }
}
