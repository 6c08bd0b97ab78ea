using System.Text;
using MorningAI.Storage;

namespace MorningAI.Cluster.Reminders;

/// <summary>
/// Rows as records, which is what makes them durable: a record is in the silo's journal before anybody is told that it is
/// written. Its version is the row's stamp, so that of two silos' records the later one counts, as of rows.
/// </summary>
internal static class ReminderRecords
{
    /// <summary>One stream: reminders are written seldom.</summary>
    public const string Tag = "reminders";

    private const string Kind = "reminder";

    public static RecordKey KeyOf(ReminderRow row) => new(Tag, Kind, row.Prefix);

    public static RecordWrite ToWrite(ReminderRow row, ulong writer) => new()
    {
        Key = KeyOf(row),
        Version = row.Stamp,
        Base = row.Stamp - 1,
        Writer = writer,
        Body = row.IsLive ? Encoding.UTF8.GetBytes(row.Member) : null,
    };

    /// <exception cref="FormatException">It is not the record of a reminder.</exception>
    public static ReminderRow FromWrite(RecordWrite write) => write.Body is { } body
        ? ReminderRow.Parse(Encoding.UTF8.GetString(body))
        : new ReminderRow(ReminderRow.ParsePrefix(write.Key.Id), ReminderEtag.Of(write.Version), null);

    /// <exception cref="FormatException">It is not the record of a reminder.</exception>
    public static ReminderRow FromStored(StoredRecord record) => ReminderRow.Parse(Encoding.UTF8.GetString(record.Body.Span));
}
