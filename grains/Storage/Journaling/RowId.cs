namespace MorningAI.Storage.Journaling;

/// <summary>
/// A row's number in the file: its tag, then its sequence number. The rows of one tag stand together and in order, so that
/// the table is its own and only index.
/// </summary>
internal readonly record struct RowId(long Value)
{
    /// <summary>16,000 queues of sixteen partitions.</summary>
    public const int MostTags = (1 << TagBits) - 1;

    /// <summary>35 million million.</summary>
    public const long MostSeq = (1L << SeqBits) - 1;

    /// <summary>The number of a row by the columns that it had in format 1, in SQL.</summary>
    public const string OfFormat1 = "tag << 45 | seq";

    private const int TagBits = 18;
    private const int SeqBits = 45;

    public RowId(int tag, long seq)
        : this(((long)tag << SeqBits) | seq)
    {
    }

    public int Tag => (int)(Value >> SeqBits);

    public long Seq => Value & MostSeq;
}
