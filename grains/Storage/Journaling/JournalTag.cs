namespace MorningAI.Storage.Journaling;

/// <summary>A tag and how far the store has confirmed it.</summary>
/// <param name="id">Its number in the file.</param>
internal sealed class JournalTag(int id, string name, long confirmed, TimeSpan window)
{
    public int Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>What the streams said last.</summary>
    public long Confirmed { get; set; } = confirmed;

    /// <summary>The lowest that they said since the last tick.</summary>
    public long Lowest { get; set; } = confirmed;

    /// <summary>As it was when the commit under way began: what is dropped because of it is dropped in that commit.</summary>
    public long Settled { get; set; } = confirmed;

    /// <summary>As the file has it; null where it has no row for the tag.</summary>
    public long? Saved { get; set; }

    public ConfirmedWindow Window { get; } = new(window);

    /// <summary>Finished records up to here are gone from the file, or go with the commit under way.</summary>
    public long CompactedTo { get; set; }
}
