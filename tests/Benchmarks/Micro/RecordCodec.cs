using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Storage;
using MorningAI.Tasks;
using Orleans.Serialization;

namespace MorningAI.Tests.Benchmarks.Micro;

/// <summary>A task's record to bytes with its header, and back.</summary>
public class RecordCodec
{
    private readonly Serializer<TaskRecord> _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer<TaskRecord>>();
    private readonly TaskRecord _queued = Samples.Queued();
    private readonly TaskRecord _succeeded = Samples.Succeeded();
    private byte[] _bytes = [];

    [GlobalSetup]
    public void SetUp() => _bytes = Serialize();

    [Benchmark]
    public byte[] Serialize() => new RecordHeader(1, TaskState.Queued, 7).Prepend(_serializer.SerializeToArray(_queued));

    [Benchmark]
    public byte[] SerializeFinished() => new RecordHeader(3, TaskState.Succeeded, 7).Prepend(_serializer.SerializeToArray(_succeeded));

    [Benchmark]
    public object Deserialize() => _serializer.Deserialize(StoredRecord.Parse(_bytes).Body)!;
}
