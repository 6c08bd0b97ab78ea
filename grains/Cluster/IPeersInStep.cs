namespace MorningAI.Cluster;

/// <summary>See <see cref="PeersInStep"/>.</summary>
public interface IPeersInStep
{
    /// <summary>Some silo is awaited, for as long as a silo's journal is.</summary>
    bool AreAwaited { get; }

    /// <summary>Some silo that lives may have acknowledged what the store does not show yet, however long it takes.</summary>
    bool MayHaveMore { get; }
}
