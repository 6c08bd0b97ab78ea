using System.Globalization;

namespace MorningAI.Tasks;

/// <summary>
/// How far a watcher has come with a task's events: the id of an event, good on any silo. It is made of places in the
/// record (which line of the history, which line of the log) and in the text that an attempt streams, and of no silo's
/// memory.
/// </summary>
/// <remarks>
/// The start of an attempt is written behind, so a silo's death may take the last line of a history that somebody has seen,
/// and another comes at its place. A line is therefore shown again unless both its place and its moment are known.
/// </remarks>
[GenerateSerializer, Immutable, Alias("mai.EventCursor")]
public readonly record struct EventCursor
{
    /// <summary>Before the first event.</summary>
    public static readonly EventCursor Start;

    private const int Parts = 8;

    /// <summary>Lines of the history.</summary>
    [Id(0)] public int History { get; init; }

    /// <summary>The latest moment among them, in ticks.</summary>
    [Id(1)] public long HistoryTicks { get; init; }

    [Id(2)] public LogMark Log { get; init; }

    /// <summary>The attempt whose text was shown last; 0 for none.</summary>
    [Id(3)] public int StreamAttempt { get; init; }

    [Id(4)] public long StreamEpoch { get; init; }

    [Id(5)] public long StreamOffset { get; init; }

    /// <summary>The task's end was shown.</summary>
    [Id(6)] public bool Ended { get; init; }

    public static bool TryParse(string? text, out EventCursor cursor)
    {
        cursor = default;
        if (text is null || text.Length > 120 || text.Split('.') is not { Length: Parts } parts)
            return false;
        var numbers = new long[Parts];
        for (var i = 0; i < Parts; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] < 0)
                return false;
        }

        if (numbers[0] > int.MaxValue || numbers[2] > int.MaxValue || numbers[4] > int.MaxValue || numbers[7] > 1)
            return false;
        cursor = new EventCursor
        {
            History = (int)numbers[0],
            HistoryTicks = numbers[1],
            Log = new LogMark((int)numbers[2], numbers[3]),
            StreamAttempt = (int)numbers[4],
            StreamEpoch = numbers[5],
            StreamOffset = numbers[6],
            Ended = numbers[7] == 1,
        };
        return true;
    }

    /// <summary>Eight hexadecimal numbers; to whoever holds it, opaque.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{History:x}.{HistoryTicks:x}.{Log.Attempt:x}.{Log.Ticks:x}.{StreamAttempt:x}.{StreamEpoch:x}.{StreamOffset:x}.{(Ended ? 1 : 0)}");
}
