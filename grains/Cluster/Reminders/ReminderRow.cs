using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Orleans.Runtime;

namespace MorningAI.Cluster.Reminders;

/// <summary>Names one reminder.</summary>
internal readonly record struct ReminderKey(GrainId Grain, string Name);

/// <summary>When it is due.</summary>
/// <param name="StartAt">The first time, in UTC.</param>
internal readonly record struct ReminderSchedule(DateTime StartAt, TimeSpan Period);

/// <summary>A reminder as the table has it, or that it was removed. Of two rows of a reminder the one with the later stamp counts.</summary>
internal sealed class ReminderRow
{
    private const int KeySegments = 3;
    private const int RemovedSegments = 4;
    private const int LiveSegments = 6;

    /// <summary>As the stock table has it, which finds rows by their text.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="schedule">Null where it was removed.</param>
    public ReminderRow(ReminderKey key, string etag, ReminderSchedule? schedule)
    {
        Key = key;
        ETag = etag;
        Schedule = schedule;
        Stamp = ReminderEtag.StampOf(etag);
        Hash = key.Grain.GetUniformHashCode();
    }

    public ReminderKey Key { get; }

    public string ETag { get; }

    public ReminderSchedule? Schedule { get; }

    public long Stamp { get; }

    public uint Hash { get; }

    public bool IsLive => Schedule is not null;

    /// <summary>What the members of this reminder begin with in Redis: <c>"hash","grain","name"</c>.</summary>
    public string Prefix => Text(KeyOf());

    /// <summary>In Redis: the prefix, <c>"etag","start","period"</c>; of a removed one, up to the etag.</summary>
    public string Member => Schedule is { } schedule
        ? Text([.. KeyOf(), ETag, schedule.StartAt.ToString("O", CultureInfo.InvariantCulture), schedule.Period.ToString()])
        : Text([.. KeyOf(), ETag]);

    public static ReminderRow Of(ReminderEntry entry, string etag) =>
        new(new ReminderKey(entry.GrainId, entry.ReminderName), etag, new ReminderSchedule(entry.StartAt, entry.Period));

    /// <exception cref="FormatException">This is not a member of a reminder table.</exception>
    public static ReminderRow Parse(string member)
    {
        var segments = Segments(member);
        return segments.Length switch
        {
            RemovedSegments => new ReminderRow(KeyOf(segments), segments[3], null),
            LiveSegments => new ReminderRow(KeyOf(segments), segments[3], new ReminderSchedule(
                DateTime.Parse(segments[4], CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                TimeSpan.Parse(segments[5], CultureInfo.InvariantCulture))),
            _ => throw new FormatException($"A row of a reminder table has {RemovedSegments} or {LiveSegments} parts, not {segments.Length}."),
        };
    }

    /// <exception cref="FormatException">This is not the beginning of a member.</exception>
    public static ReminderKey ParsePrefix(string prefix) =>
        Segments(prefix) is { Length: KeySegments } segments ? KeyOf(segments) : throw new FormatException("It does not name a reminder.");

    public ReminderRow Removed(string etag) => new(Key, etag, null);

    /// <summary>A new one each time: Orleans writes to it.</summary>
    public ReminderEntry ToEntry() => new()
    {
        GrainId = Key.Grain,
        ReminderName = Key.Name,
        StartAt = Schedule!.Value.StartAt,
        Period = Schedule.Value.Period,
        ETag = ETag,
    };

    /// <summary>Hashes after <paramref name="begin"/> up to <paramref name="end"/>, on a ring.</summary>
    public bool IsIn(uint begin, uint end) => begin < end ? Hash > begin && Hash <= end : Hash > begin || Hash <= end;

    private string[] KeyOf() => [Hash.ToString("X8", CultureInfo.InvariantCulture), Key.Grain.ToString(), Key.Name];

    private static ReminderKey KeyOf(string[] segments) => new(GrainId.Parse(segments[1], CultureInfo.InvariantCulture), segments[2]);

    private static string Text(string[] segments) => JsonSerializer.Serialize(segments, Json)[1..^1];

    private static string[] Segments(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>($"[{text}]") ?? [];
        }
        catch (JsonException e)
        {
            throw new FormatException("It is not a row of a reminder table.", e);
        }
    }
}
