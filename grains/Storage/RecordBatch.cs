using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using StackExchange.Redis;

namespace MorningAI.Storage;

/// <summary>A part of a silo's journal as <c>ApplyRecords.lua</c> takes it.</summary>
/// <param name="Names">The script's keys: cursor, fence, index, records.</param>
/// <param name="Values">The script's arguments.</param>
internal readonly record struct RecordBatch(RedisKey[] Names, RedisValue[] Values)
{
    private const int FirstIndex = 2;
    private const int FixedKeys = FirstIndex + RedisKeys.States;
    private const int FixedValues = 3;
    private const int Fields = 5;

    /// <param name="follows">Where the cursor must be; 0 for none yet.</param>
    /// <param name="silo">Whose journal it is, in this life.</param>
    public static RecordBatch Of(RedisKeys keys, Guid journal, string silo, string tag, IReadOnlyList<JournalEntry> entries, long follows)
    {
        var names = new RedisKey[FixedKeys + entries.Count];
        names[0] = keys.Cursor(tag, journal);
        names[1] = keys.Fence(tag);
        for (var s = 0; s < RedisKeys.States; s++)
            names[FirstIndex + s] = keys.Index(tag, (TaskState)s);
        var values = new RedisValue[FixedValues + (entries.Count * Fields)];
        values[0] = follows;
        values[1] = entries[^1].Seq;
        values[2] = silo;
        for (var i = 0; i < entries.Count; i++)
        {
            names[FixedKeys + i] = keys.Record(entries[i].Write.Key);
            Put(entries[i], values.AsSpan(FixedValues + (i * Fields), Fields));
        }

        return new RecordBatch(names, values);
    }

    private static void Put(JournalEntry entry, Span<RedisValue> fields)
    {
        var record = entry.Write;
        fields[0] = record.Body is null ? "d" : record.CreateOnly ? "c" : entry.Acknowledged ? "a" : "u";
        fields[1] = record.Base;
        fields[2] = new RecordHeader(record.Version, record.Index?.State, record.Writer).Prepend(record.Body);
        fields[3] = record.Index?.Score ?? 0;
        fields[4] = record.Key.Kind == RecordKey.TaskKind ? record.Key.Id : RedisValue.EmptyString;
    }
}

/// <summary>What a store says to a batch.</summary>
/// <param name="Outcomes">One a record; null where the batch did not follow the cursor and nothing was applied.</param>
/// <param name="Cursor">Where the cursor is now.</param>
internal readonly record struct BatchAnswer(WriteOutcome[]? Outcomes, long Cursor);
