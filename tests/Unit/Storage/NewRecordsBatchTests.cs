using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using Xunit;

namespace MorningAI.Tests.Unit.Storage;

/// <summary>Which part of a journal the cheaper script may take: what is stored by either is compared on a real store.</summary>
public sealed class NewRecordsBatchTests
{
    private static readonly RedisKeys Keys = new("morningai", "morningai");

    [Fact]
    public void Of_TasksCreatedInOneState_HasKeysThenRecordsThenPlaces()
    {
        JournalEntry[] entries = [Entry(1), Entry(2)];
        var batch = Of(entries)!.Value;
        Assert.Equal([Keys.Cursor(entries[0].Write.Key.Tag, Given.Unique(1)), Keys.Index(entries[0].Write.Key.Tag, TaskState.Queued)], batch.Names[..2]);
        Assert.Equal(entries.Select(e => Keys.Record(e.Write.Key)), batch.Names[2..]);
        Assert.Equal([5L, 2L], batch.Values[..2].Select(v => (long)v));
        Assert.Equal([10L, 20L], new[] { batch.Values[4], batch.Values[6] }.Select(v => (long)v));
        Assert.Equal(entries.Select(e => e.Write.Key.Id), new[] { batch.Values[5], batch.Values[7] }.Select(v => (string)v!));
    }

    [Fact]
    public void Of_AnythingElseAmongThem_IsNone()
    {
        Assert.Null(Of(Entry(1), Entry(2, version: 2)));
        Assert.Null(Of(Entry(1), Entry(2, state: TaskState.Scheduled)));
        Assert.Null(Of(Entry(1), Entry(2, isIndexed: false)));
        Assert.Null(Of(Entry(1, isIndexed: false)));
        Assert.Null(Of(Entry(1), Entry(2, kind: "key")));
        Assert.Null(Of(Entry(1), Entry(2, isDeleted: true)));
        Assert.Null(Of(Entry(1), Entry(1)));
    }

    private static NewRecordsBatch? Of(params JournalEntry[] entries) => NewRecordsBatch.Of(Keys, Given.Unique(1), entries[0].Write.Key.Tag, entries, 5);

    private static JournalEntry Entry(int number, long version = 1, TaskState state = TaskState.Queued, bool isIndexed = true, string kind = RecordKey.TaskKind, bool isDeleted = false) => new(number, new RecordWrite
    {
        Key = RecordKey.Of(Given.Id(number)) with { Kind = kind },
        Version = version,
        Base = 0,
        Writer = 7,
        Body = isDeleted ? null : [1],
        Index = isIndexed ? new IndexEntry(state, number * 10) : null,
    });
}
