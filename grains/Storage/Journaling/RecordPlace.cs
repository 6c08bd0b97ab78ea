using MorningAI.Tasks;

namespace MorningAI.Storage.Journaling;

/// <summary>
/// A record's state as the journal's file has it: a <see cref="TaskState"/> by number, or one of two more; and whether the
/// journal has acknowledged it.
/// </summary>
internal static class RecordPlace
{
    private const int NotIndexed = 8;
    private const int Deleted = 9;
    private const int Acknowledged = 16;

    public static int Of(RecordWrite write, bool acknowledged) =>
        (write.Body is null ? Deleted : write.Index is { } index ? (int)index.State : NotIndexed) | (acknowledged ? Acknowledged : 0);

    /// <summary>0 where no list shows it.</summary>
    public static long ScoreOf(RecordWrite write) => write.Body is null ? 0 : write.Index?.Score ?? 0;

    public static bool IsAcknowledged(long place) => (place & Acknowledged) != 0;

    public static bool IsDeleted(long place) => (place & ~Acknowledged) == Deleted;

    /// <summary>Null where no list shows it.</summary>
    public static TaskState? StateOf(long place) => (place & ~Acknowledged) is var bare and < NotIndexed ? (TaskState)bare : null;

    /// <summary>Never changes again by itself: kept for the window only.</summary>
    public static bool IsFinished(long place) => IsDeleted(place) || StateOf(place)?.IsTerminal() == true;
}
