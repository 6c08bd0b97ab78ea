namespace MorningAI.Tasks;

/// <summary>Where a task was safe at the moment its receipt was written.</summary>
[GenerateSerializer, Alias("mai.Durability")]
public enum Durability : byte
{
    /// <summary>The store confirmed it: Redis, or the embedded store with its log on disk.</summary>
    Redis = 0,

    /// <summary>Fsynced in the journal of the silo that took it, because Redis could not confirm in time.</summary>
    Journal = 1,
}
