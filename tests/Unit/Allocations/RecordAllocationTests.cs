using Microsoft.Extensions.DependencyInjection;
using MorningAI.Intake;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using Orleans.Serialization;

namespace MorningAI.Tests.Unit.Allocations;

/// <summary>A record of a task with 200 bytes of payload, as the intake writes it.</summary>
public sealed class RecordAllocationTests : IDisposable
{
    private const int Batch = 64;
    private const int PayloadLength = 200;
    private const int SerializersOwn = 32;
    private const int ABatch = 1192;

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly Serializer<TaskRecord> _serializer;
    private readonly TaskRecord _task = TaskRules.Create(Given.Submission() with { Payload = new byte[PayloadLength] }, Given.Now);
    private readonly byte[] _body;
    private object? _kept;

    public RecordAllocationTests()
    {
        _serializer = _services.GetRequiredService<Serializer<TaskRecord>>();
        _body = _serializer.SerializeToArray(_task);
    }

    public void Dispose() => _services.Dispose();

    /// <summary>The bytes, and one small object of the serializer's.</summary>
    [Fact]
    public void Serialize_ATask_AllocatesItsBytes() => Allocated.AssertAtMost(Allocated.Array(_body.Length) + SerializersOwn, () => _kept = _serializer.SerializeToArray(_task));

    /// <summary>The record (352), its kind (40), a line of history in its array (48 and 32), the payload, and one small object of the serializer's.</summary>
    [Fact]
    public void Deserialize_ATask_AllocatesTheRecord() => Allocated.AssertAtMost(352 + 40 + 48 + 32 + Allocated.Array(PayloadLength) + SerializersOwn, () => _kept = _serializer.Deserialize(_body));

    /// <summary>Header and body in one array.</summary>
    [Fact]
    public void Prepend_AHeader_AllocatesTheWhole()
    {
        var header = new RecordHeader(1, TaskState.Queued, 7);
        Allocated.AssertAtMost(Allocated.Array(RecordHeader.Length + _body.Length), () => _kept = header.Prepend(_body));
    }

    [Fact]
    public void Read_AHeader_AllocatesNothing()
    {
        var bytes = new RecordHeader(1, TaskState.Queued, 7).Prepend(_body);
        Allocated.AssertAtMost(0, () => RecordHeader.Read(bytes));
    }

    /// <summary>
    /// An entry: its record with the header, its Redis key as text, 8 arguments of 32 bytes and a key of 16. A batch besides:
    /// the cursor's and eight states' keys, and the two arrays.
    /// </summary>
    [Fact]
    public void RecordBatch_ManyEntries_AllocatesEachOnce()
    {
        var keys = new RedisKeys("morningai", "morningai");
        var journal = Given.Unique(1);
        const string silo = "127.0.0.1:11111@1";
        JournalEntry[] entries = [.. Enumerable.Range(1, Batch).Select(Entry)];
        var tag = entries[0].Write.Key.Tag;

        var each = Allocated.Array(RecordHeader.Length + _body.Length) + Allocated.Text(keys.Record(entries[0].Write.Key).ToString().Length) + (8 * 32) + 16;

        Allocated.AssertAtMost(ABatch + (Batch * each), () => _kept = RecordBatch.Of(keys, journal, silo, tag, entries, 0));
        Assert.NotNull(_kept);
    }

    /// <summary>The same with a key and three arguments an entry, and the set of their ids, of 20 bytes an entry and up to half as much more.</summary>
    [Fact]
    public void NewRecordsBatch_ManyEntries_AllocatesEachOnce()
    {
        var keys = new RedisKeys("morningai", "morningai");
        var journal = Given.Unique(1);
        JournalEntry[] entries = [.. Enumerable.Range(1, Batch).Select(Entry)];
        var tag = entries[0].Write.Key.Tag;

        var each = Allocated.Array(RecordHeader.Length + _body.Length) + Allocated.Text(keys.Record(entries[0].Write.Key).ToString().Length) + (3 * 32) + 16 + 32;

        Allocated.AssertAtMost(ABatch + (Batch * each), () => _kept = NewRecordsBatch.Of(keys, journal, tag, entries, 0));
        Assert.NotNull(_kept);
    }

    private JournalEntry Entry(int number) => new(number, new RecordWrite
    {
        Key = RecordKey.Of(Given.Id(number)),
        Version = 1,
        Base = 0,
        Writer = 7,
        Body = _body,
        Index = _task.Index,
    });
}
