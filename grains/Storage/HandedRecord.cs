using MorningAI.Storage.Journaling;
using MorningAI.Tasks;

namespace MorningAI.Storage;

/// <summary>A record that a silo keeps, by its number: to be compared with what another one has.</summary>
[GenerateSerializer, Immutable, Alias("mai.RecordVersion")]
internal readonly record struct RecordVersion([property: Id(0)] string Kind, [property: Id(1)] string Id, [property: Id(2)] long Version);

/// <param name="Records">Those that are newer, or the end of a task.</param>
/// <param name="Compared">How many were looked at: the rest is to be asked for again, as an answer has a bound.</param>
[GenerateSerializer, Immutable, Alias("mai.NewerRecords")]
internal sealed record NewerRecords([property: Id(0)] IReadOnlyList<HandedRecord> Records, [property: Id(1)] int Compared);

/// <summary>A record on its way from one silo's journal to another's: a <see cref="RecordWrite"/> of a known tag.</summary>
/// <param name="Body">Null: it was removed.</param>
/// <param name="State">Null: no list shows it.</param>
/// <param name="IsAcknowledged">Somebody was told that it is safe.</param>
[GenerateSerializer, Immutable, Alias("mai.HandedRecord")]
internal sealed record HandedRecord(
    [property: Id(0)] string Kind,
    [property: Id(1)] string Id,
    [property: Id(2)] long Version,
    [property: Id(3)] long Base,
    [property: Id(4)] ulong Writer,
    [property: Id(5)] byte[]? Body,
    [property: Id(6)] TaskState? State,
    [property: Id(7)] long Score,
    [property: Id(8)] bool IsAcknowledged)
{
    /// <summary>Of the bodies in one message between silos. With the one that goes beyond it, a message is twice as large at most.</summary>
    public const int MostBytes = 1 << 20;

    /// <returns>As many of the first as one message may hold: at least one.</returns>
    public static ReadOnlySpan<HandedRecord> UpToBound(ReadOnlySpan<HandedRecord> records)
    {
        var (count, bytes) = (0, 0);
        while (count < records.Length && bytes < MostBytes)
            bytes += records[count++].Body?.Length ?? 0;
        return records[..count];
    }

    /// <param name="confirmed">Up to where the store has confirmed what its tag's journal has.</param>
    public static HandedRecord Of(JournalEntry entry, long confirmed)
    {
        var write = entry.Write;
        return new(write.Key.Kind, write.Key.Id, write.Version, write.Base, write.Writer, write.Body, write.Index?.State, write.Index?.Score ?? 0, entry.Acknowledged || entry.Seq <= confirmed);
    }

    public RecordWrite ToWrite(string tag) => new()
    {
        Key = new RecordKey(tag, Kind, Id),
        Version = Version,
        Base = Base,
        Writer = Writer,
        Body = Body,
        Index = State is { } state ? new IndexEntry(state, Score) : null,
        IsAcknowledged = IsAcknowledged,
    };
}
