using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using StackExchange.Redis;

namespace MorningAI.Storage;

/// <summary>A part of a silo's journal that only creates tasks in one state, as <c>CreateRecords.lua</c> takes it.</summary>
/// <param name="Names">The script's keys: cursor, index, records.</param>
/// <param name="Values">The script's arguments.</param>
internal readonly record struct NewRecordsBatch(RedisKey[] Names, RedisValue[] Values)
{
    private const int FixedKeys = 2;
    private const int FixedValues = 2;
    private const int Fields = 3;

    /// <inheritdoc cref="RecordBatch.Of"/>
    /// <returns>Null where it is not such a part.</returns>
    public static NewRecordsBatch? Of(RedisKeys keys, Guid journal, string tag, IReadOnlyList<JournalEntry> entries, long follows)
    {
        if (StateOfAll(entries) is not { } state)
            return null;
        var names = new RedisKey[FixedKeys + entries.Count];
        names[0] = keys.Cursor(tag, journal);
        names[1] = keys.Index(tag, state);
        var values = new RedisValue[FixedValues + (entries.Count * Fields)];
        values[0] = follows;
        values[1] = entries[^1].Seq;
        for (var i = 0; i < entries.Count; i++)
        {
            var record = entries[i].Write;
            names[FixedKeys + i] = keys.Record(record.Key);
            values[FixedValues + i] = new RecordHeader(record.Version, state, record.Writer).Prepend(record.Body);
            values[FixedValues + entries.Count + (2 * i)] = record.Index!.Value.Score;
            values[FixedValues + entries.Count + (2 * i) + 1] = record.Key.Id;
        }

        return new NewRecordsBatch(names, values);
    }

    private static TaskState? StateOfAll(IReadOnlyList<JournalEntry> entries)
    {
        var state = entries[0].Write.Index?.State;
        var known = new HashSet<string>(entries.Count);
        foreach (var entry in entries)
        {
            var record = entry.Write;
            if (!record.CreateOnly || record.Body is null || record.Key.Kind != RecordKey.TaskKind || record.Index?.State != state || !known.Add(record.Key.Id))
                return null;
        }

        return state;
    }
}
