namespace MorningAI.Storage;

/// <summary>How records are written.</summary>
public sealed class DurableStorageOptions
{
    /// <summary>What every key in Redis begins with. Two systems on one Redis differ in it. Default: <c>morningai</c>.</summary>
    public string ServiceId { get; set; } = "morningai";

    /// <summary>The one cluster whose silos may write there. Default: <c>morningai</c>.</summary>
    public string ClusterId { get; set; } = "morningai";

    /// <summary>The most records in one script call. Default: 256: larger ones keep Redis' one thread from others for over 2 ms.</summary>
    public int MaxBatch { get; set; } = 256;

    /// <summary>How long the store may take to answer before it counts as down and the journal acknowledges instead. Default: 700 ms: with a probe beside it, a hang is noticed within 1 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>A store whose answers take longer than this gets its records behind the journal's acknowledgement: a task makes several writes one after the other. Default: 200 ms.</summary>
    public TimeSpan SlowAfter { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often the journal is compared with the store. Well below the journal's window, or a finished task could be put back unfinished. Default: 3 min.</summary>
    public TimeSpan UpkeepEvery { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>How long a write-behind record may stay in memory only. Default: 50 ms.</summary>
    public TimeSpan WriteBehindDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long tasks of a silo that died while Redis could not be asked wait for that silo to come back before they run
    /// again: what it finished meanwhile is in its journal only. Default: 1 min, in which a supervisor restarts it.
    /// </summary>
    public TimeSpan AwaitJournal { get; set; } = TimeSpan.FromMinutes(1);
}
