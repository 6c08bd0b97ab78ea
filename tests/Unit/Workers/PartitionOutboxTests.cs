using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Queues;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Workers;

public sealed class PartitionOutboxTests
{
    private readonly FakeTimeProvider _time = new(Given.Now);
    private readonly Lock _lock = new();
    private readonly List<int[]> _sent = [];
    private readonly Queue<TaskCompletionSource> _calls = new();
    private int _window = 8;
    private int _concurrent;

    [Fact]
    public async Task Add_WhileACallIsUnderWay_GoesWithTheNextInOrder()
    {
        var outbox = New();
        outbox.Add(Released(1));
        var first = await NextCall();
        for (var i = 2; i <= 5; i++)
            outbox.Add(Released(i));
        first.SetResult();
        (await NextCall()).SetResult();
        await outbox.WhenSent().InTime();
        Assert.Equal([[1], [2, 3, 4, 5]], Sent());
    }

    [Fact]
    public async Task Add_CallFails_IsRepeatedBeforeWhatCameLater()
    {
        var outbox = New();
        outbox.Add(Released(1));
        outbox.Add(Released(2));
        var first = await NextCall();
        var sentFirst = Sent()[0];
        outbox.Add(Released(3));
        first.SetException(new TimeoutException("lost"));

        await Until.Passes(_time, TimeSpan.FromMilliseconds(250), () => Sent().Length == 2, "it is repeated");
        Assert.True(_time.GetUtcNow() >= Given.Now.AddSeconds(1));
        (await NextCall()).SetResult();
        await outbox.WhenSent().InTime();

        int[] all = [1, 2, 3];
        Assert.Equal(all, Sent()[1]);
        Assert.Equal(all[..sentFirst.Length], sentFirst);
    }

    [Fact]
    public async Task Announce_NothingReleased_TellsTheWindow()
    {
        var outbox = New();
        _window = 0;
        outbox.Announce();
        (await NextCall()).SetResult();
        await outbox.WhenSent().InTime();
        Assert.Equal([[]], Sent());
        Assert.Equal(0, _window);
    }

    [Fact]
    public async Task Add_FromManyThreads_IsSentOnceEachOneCallAtATime()
    {
        var most = 0;
        var seen = new List<int>();
        var outbox = new PartitionOutbox(
            Given.Partition,
            () => 8,
            async (tasks, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref _concurrent));
                await Task.Yield();
                seen.AddRange(tasks.Select(Number));
                Interlocked.Decrement(ref _concurrent);
            },
            _time,
            NullLogger.Instance);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
                outbox.Add(Released((t * 1000) + i));
        })));
        await outbox.WhenSent().InTime();

        Assert.Equal(1, most);
        Assert.Equal(Enumerable.Range(0, 4000), seen.Order());
        Assert.All(seen.GroupBy(i => i / 1000), thread => Assert.Equal(thread.Order(), thread));
    }

    private static ReleasedTask Released(int number) => new(Given.Unique(number), false, TimeSpan.Zero, null);

    private static int Number(ReleasedTask task) => BitConverter.ToInt32(task.Task.ToByteArray());

    private PartitionOutbox New() => new(Given.Partition, () => _window, Send, _time, NullLogger.Instance);

    private Task Send(ReleasedTask[] tasks, int window)
    {
        lock (_lock)
        {
            Assert.Equal(_window, window);
            _sent.Add([.. tasks.Select(Number)]);
            var call = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _calls.Enqueue(call);
            return call.Task;
        }
    }

    private int[][] Sent()
    {
        lock (_lock)
            return [.. _sent];
    }

    private async Task<TaskCompletionSource> NextCall()
    {
        TaskCompletionSource? call = null;
        await Until.True(
            () =>
            {
                lock (_lock)
                    return _calls.TryDequeue(out call);
            },
            "a call is made");
        return call!;
    }
}
