namespace MorningAI.Storage.Journaling;

/// <summary>What a silo shows of its journal.</summary>
public interface IJournalGauge
{
    /// <remarks>Counts are at most a second old.</remarks>
    JournalStats Stats();
}
