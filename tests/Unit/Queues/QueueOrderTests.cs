using CsCheck;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Queues;

public sealed class QueueOrderTests
{
    private static readonly Gen<(int Act, int Task, int Priority)> Steps = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 20], Gen.Int[0, 3]);

    /// <summary>Ranks never repeat on one silo, so the model has one order; a task that was removed may come back with another.</summary>
    [Fact]
    public void Order_AnySequence_IsThatOfASortedList() => Steps.Array[0, 300].Sample(
        steps =>
        {
            var order = new QueueOrder();
            var model = new List<QueueEntry>();
            var moment = Given.Now;
            foreach (var (act, number, priority) in steps)
            {
                moment += TimeSpan.FromMicroseconds(1);
                var task = Given.Unique(number);
                var known = model.FindIndex(e => e.Task == task);
                switch (act)
                {
                    case 0 or 1 or 2:
                        var entry = new QueueEntry(task, QueueRank.Of((TaskPriority)priority, moment));
                        Assert.Equal(known < 0, order.Add(entry));
                        if (known < 0)
                            model.Add(entry);
                        break;
                    case 3:
                        Assert.Equal(known >= 0, order.Remove(task));
                        if (known >= 0)
                            model.RemoveAt(known);
                        break;
                    case 4:
                        Assert.Equal(model.Count > 0, order.TryPeek(out var peeked));
                        Assert.Equal(First(model), peeked);
                        break;
                    default:
                        Assert.Equal(model.Count > 0, order.TryTake(out var taken));
                        if (First(model) is { } first)
                        {
                            Assert.Equal(first, taken);
                            model.Remove(first);
                        }

                        break;
                }

                Assert.Equal(model.Count, order.Count);
                Assert.Equal(model.Any(e => e.Task == task), order.Contains(task));
            }
        },
        iter: 500);

    [Fact]
    public void TryTake_ReaddedWithAnotherRank_GoesByTheNewOne()
    {
        var order = new QueueOrder();
        order.Add(new QueueEntry(Given.Unique(1), new QueueRank(1)));
        order.Add(new QueueEntry(Given.Unique(2), new QueueRank(2)));
        order.Remove(Given.Unique(1));
        order.Add(new QueueEntry(Given.Unique(1), new QueueRank(3)));
        Assert.Equal([2, 1], Drain(order));
    }

    [Fact]
    public void Remove_MostOfMany_KeepsTheOrderOfTheRest()
    {
        var order = new QueueOrder();
        for (var i = 1; i <= 1000; i++)
            order.Add(new QueueEntry(Given.Unique(i), new QueueRank(i)));
        for (var i = 1; i <= 1000; i++)
        {
            if (i % 100 != 0)
                order.Remove(Given.Unique(i));
        }

        Assert.Equal([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000], Drain(order));
    }

    [Fact]
    public void Remove_AndAddForever_LeavesNothingBehind()
    {
        var order = new QueueOrder();
        order.Add(new QueueEntry(Given.Unique(0), new QueueRank(0)));
        var task = Given.Unique(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i <= 100_000; i++)
        {
            order.Add(new QueueEntry(task, new QueueRank(i)));
            order.Remove(task);
        }

        // 100,000 leftovers would be 2.4 MB and their growth twice that; compaction keeps some hundred.
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_000_000);
    }

    private static QueueEntry? First(List<QueueEntry> model) => model.Count == 0 ? null : model.MinBy(e => e.Order.Value);

    private static List<int> Drain(QueueOrder order)
    {
        var all = new List<int>();
        while (order.TryTake(out var entry))
            all.Add(BitConverter.ToInt32(entry.Task.ToByteArray()));
        return all;
    }
}
