using MorningAI.Tasks;

namespace MorningAI.Storage.Journaling;

/// <summary>A record's state as the journal's file has it: a <see cref="TaskState"/> by number, or one of two more.</summary>
internal static class RecordPlace
{
    public const int NotIndexed = 8;

    public const int Deleted = 9;

    /// <summary><see cref="IsFinished"/> in SQL, word for word the condition of an index.</summary>
    public const string Finished = "place IN (4, 5, 6, 7, 9)";

    public static int Of(RecordWrite write) => write.Body is null ? Deleted : write.Index is { } index ? (int)index.State : NotIndexed;

    /// <summary>0 where no list shows it.</summary>
    public static long ScoreOf(RecordWrite write) => write.Body is null ? 0 : write.Index?.Score ?? 0;

    /// <summary>Never changes again by itself: kept for the window only.</summary>
    public static bool IsFinished(long place) => place == Deleted || (place < NotIndexed && ((TaskState)place).IsTerminal());
}
