using BenchmarkDotNet.Attributes;
using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Tests.Benchmarks.Micro;

/// <summary>A task's id to text, back, and to its record's key.</summary>
public class Ids
{
    private readonly TaskId _id = Samples.NewId();
    private string _text = "";

    [GlobalSetup]
    public void SetUp() => _text = _id.ToString();

    [Benchmark]
    public TaskId Parse() => TaskId.Parse(_text);

    [Benchmark]
    public string Format() => _id.ToString();

    [Benchmark]
    public RecordKey ToRecordKey() => RecordKey.Of(_id);
}
