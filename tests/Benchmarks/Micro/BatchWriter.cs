using BenchmarkDotNet.Attributes;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;

namespace MorningAI.Tests.Benchmarks.Micro;

/// <summary>A batch of records as the script's keys and arguments; figures are of the whole batch.</summary>
public class BatchWriter
{
    private readonly RedisKeys _keys = new("morningai", "morningai");
    private readonly Guid _journal = Guid.NewGuid();
    private JournalEntry[] _entries = [];

    [Params(1, 64, 256)]
    public int Records { get; set; }

    [GlobalSetup]
    public void SetUp() => _entries = [.. Enumerable.Range(1, Records).Select(n => new JournalEntry(n, Samples.Write(new byte[350])))];

    [Benchmark]
    public object BuildNew() => NewRecordsBatch.Of(_keys, _journal, _entries[0].Write.Key.Tag, _entries, 0)!.Value.Values;

    [Benchmark]
    public object Build() => RecordBatch.Of(_keys, _journal, "127.0.0.1:11111@1", _entries[0].Write.Key.Tag, _entries, 0).Values;
}
