using BenchmarkDotNet.Attributes;
using MorningAI.Queues;

namespace MorningAI.Tests.Benchmarks.Micro;

/// <summary>A partition's own work for one task, with others waiting and 10 workers.</summary>
public class QueueWork
{
    private const int Workers = 10;

    private readonly Assignments _assignments = new();
    private QueueOrder _order = new();
    private long _next;

    [Params(100, 100_000)]
    public int Waiting { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _order = new QueueOrder();
        for (var i = 0; i < Waiting; i++)
            _order.Add(Next());
        for (var i = 0; i < Workers; i++)
            _assignments.Link(Samples.Worker(i)).Window = 64;
    }

    [Benchmark]
    public bool AddAndTake()
    {
        _order.Add(Next());
        return _order.TryTake(out _);
    }

    [Benchmark]
    public bool DispatchAndRelease()
    {
        _order.Add(Next());
        var (link, count) = DispatchPlan.Next(_assignments.Links, 1, 64)!.Value;
        var tasks = new QueueEntry[count];
        _order.TryTake(out tasks[0]);
        _assignments.Assign(tasks[0].Task, tasks[0].Order, link.Worker);
        return _assignments.Release(tasks[0].Task, out _);
    }

    private QueueEntry Next() => new(new Guid((int)++_next, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new QueueRank(_next));
}
