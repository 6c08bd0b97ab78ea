using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Intake;
using MorningAI.Queues;
using Xunit;

namespace MorningAI.Tests.Unit.Intake;

/// <summary>Queues are told of what is stored, once they can be.</summary>
public sealed class EnqueueRetryTests
{
    private static readonly PartitionId Queue = new(QueueName.Default, 0);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private readonly FakeTimeProvider _time = new();
    private readonly List<Guid[]> _calls = [];
    private readonly EnqueueRetry _retry;
    private Func<Task> _answer = () => Task.CompletedTask;

    public EnqueueRetryTests() => _retry = new EnqueueRetry(
        Stand.Grains((_, _) => Stand.In<IQueuePartitionGrain>((_, arguments) =>
        {
            lock (_calls)
                _calls.Add([.. ((QueueEntry[])arguments[0]!).Select(e => e.Task)]);
            return _answer();
        })),
        _time,
        NullLogger<EnqueueRetry>.Instance);

    [Fact]
    public async Task Enqueue_QueueAnswers_IsToldAtOnce()
    {
        var entry = Entry();
        await _retry.Enqueue(Queue, [entry]);

        Assert.Equal([[entry.Task]], _calls);
    }

    [Fact]
    public async Task Enqueue_QueueCannotBeReached_IsToldOfAllThatItMissedInOneCall()
    {
        _answer = () => Task.FromException(new IOException("gone"));
        QueueEntry[] missed = [Entry(), Entry(), Entry()];
        foreach (var entry in missed)
            await _retry.Enqueue(Queue, [entry]);
        Assert.Single(Calls()); // the later ones do not even try

        _answer = () => Task.CompletedTask;
        await Until.Passes(_time, Step, () => Calls().Length == 2, "it is told again");
        Assert.Equal(missed.Select(e => e.Task), Calls()[1]);

        var next = Entry();
        await Until.Passes(_time, Step, () => _retry.Enqueue(Queue, [next]).IsCompleted && Calls()[^1].Contains(next.Task), "it is told at once again");
    }

    [Fact]
    public async Task Enqueue_QueueHangs_TheSubmitterWaitsHalfASecond()
    {
        _answer = () => new TaskCompletionSource().Task;
        var telling = _retry.Enqueue(Queue, [Entry()]);
        Assert.False(telling.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(500));

        await telling.InTime();
        Assert.True(_retry.Enqueue(Queue, [Entry()]).IsCompletedSuccessfully);
    }

    private static QueueEntry Entry() => new(Guid.NewGuid(), default);

    private Guid[][] Calls()
    {
        lock (_calls)
            return [.. _calls];
    }
}
