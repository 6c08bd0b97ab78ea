using MorningAI.Queues;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Allocations;

/// <summary>A partition's own work for one task, in a queue whose collections have their size.</summary>
public sealed class QueueAllocationTests
{
    private const int Waiting = 1000;

    private readonly QueueOrder _order = new();
    private readonly Assignments _assignments = new();
    private long _next;

    public QueueAllocationTests()
    {
        for (var i = 0; i < Waiting; i++)
            _order.Add(Next());
        for (var i = 0; i < 4; i++)
            _assignments.Link(Given.Worker($"w{i}")).Window = 64;
    }

    [Fact]
    public void AddAndTake_ATask_AllocatesNothing() => Allocated.AssertAtMost(0, () =>
    {
        _order.Add(Next());
        _order.TryTake(out _);
    });

    /// <summary>The message's array of one entry (32 bytes and 24 of its own).</summary>
    [Fact]
    public void Dispatch_ATask_AllocatesItsMessage() => Allocated.AssertAtMost(56, () =>
    {
        _order.Add(Next());
        var (link, count) = DispatchPlan.Next(_assignments.Links, 1, 64)!.Value;
        var tasks = new QueueEntry[count];
        _order.TryTake(out tasks[0]);
        _assignments.Assign(tasks[0].Task, tasks[0].Order, link.Worker);
        DispatchPlan.Next(_assignments.Links, 0, 64);
        _assignments.Release(tasks[0].Task, out _);
    });

    [Fact]
    public void CreditWindows_OneAnswer_AllocatesNothing()
    {
        var windows = new CreditWindows();
        var busy = false;
        Allocated.AssertAtMost(0, () => windows.Of(Given.Partition, busy = !busy, 64));
    }

    private QueueEntry Next() => new(new Guid((int)++_next, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), new QueueRank(_next));
}
