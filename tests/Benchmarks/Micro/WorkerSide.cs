using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Queues;
using MorningAI.Workers;

namespace MorningAI.Tests.Benchmarks.Micro;

/// <summary>What a worker does to tell its partitions of released tasks and windows.</summary>
public class WorkerSide
{
    private const int Releases = 64;

    private readonly CreditWindows _windows = new();
    private readonly PartitionId[] _partitions = [.. Enumerable.Range(0, 16).Select(n => new PartitionId(QueueName.Default, n))];
    private readonly PartitionOutbox _outbox = new(Samples.Partition, () => 64, (_, _) => Task.CompletedTask, TimeProvider.System, NullLogger.Instance);
    private int _next;

    /// <summary>Of 64 tasks, until the partition has been told of the last.</summary>
    [Benchmark(OperationsPerInvoke = Releases)]
    public async Task Outbox()
    {
        for (var i = 0; i < Releases; i++)
            _outbox.Add(new ReleasedTask(Guid.Empty, false, TimeSpan.Zero, null));
        await _outbox.WhenSent();
    }

    /// <summary>Of 16 partitions, half of them busy.</summary>
    [Benchmark]
    public int CreditWindow()
    {
        var next = _next++ % _partitions.Length;
        return _windows.Of(_partitions[next], busy: next % 2 == 0, room: 64);
    }
}
