using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Explaining;
using MorningAI.Handlers;
using MorningAI.Intake;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>How many at a time, and how many in a time: never more, whatever dies.</summary>
public sealed class LimitTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Crowd _crowd = new();

    [Fact]
    public async Task Concurrency_OfAKind_IsNeverExceededOverSilosAndAllIsDone()
    {
        await using var silos = await Start(o => o.Kinds["crowd"] = new Limit { Concurrency = 3 }, silos: 2);
        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => silos.Submit("crowd", $"{i}")));
        foreach (var id in ids)
            Assert.Equal((TaskState.Succeeded, 1), (await silos.End(id)) is var t ? (t.State, t.Attempt) : default);

        Assert.Equal(3, _crowd.Most);
        Assert.Equal(40, _crowd.Ran.Count);
    }

    [Fact]
    public async Task Concurrency_OfAKey_CountsEachKeyByItself()
    {
        await using var silos = await Start(o => o.Keys["default"] = new Limit { Concurrency = 1 });
        var ids = new List<TaskId>();
        for (var i = 0; i < 12; i++)
            ids.Add(await Submit(silos, $"{i}", new TaskKeys { Limit = $"tenant-{i % 3}" }));
        foreach (var id in ids)
            await silos.End(id);

        Assert.InRange(_crowd.Most, 1, 3);
        Assert.Equal(12, _crowd.Ran.Count);
        Assert.Equal("tenant-1", (await silos.Grains.GetTask(ids[1]).Get())!.Marks!.LimitKey);
    }

    [Fact]
    public async Task Rate_OfAQueue_LetsThemBeginOneByOne()
    {
        await using var silos = await Start(o => o.Queues["default"] = new Limit { Rate = 5, Per = TimeSpan.FromSeconds(1), Burst = 1 });
        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => silos.Submit("crowd", $"{i}")));
        var began = new List<DateTimeOffset>();
        foreach (var id in ids)
            began.Add((await silos.End(id)).StartedAt!.Value);

        began.Sort();
        for (var i = 1; i < began.Count; i++)
            Assert.True(began[i] - began[i - 1] >= TimeSpan.FromMilliseconds(150), $"{began[i] - began[i - 1]}"); // 200 ms, less what a start takes longer than another
    }

    [Fact]
    public async Task Limit_Reached_SaysSo()
    {
        await using var silos = await Start(o => o.Queues["default"] = new Limit { Concurrency = 1 });
        _crowd.Hold();
        var runs = await silos.Submit("crowd", "1");
        await Deadline.Until("it runs", Patience, () => Task.FromResult(_crowd.Ran.Count == 1));
        var waits = await silos.Submit("crowd", "2");

        WaitReason? why = null;
        await Deadline.Until("the reason", Patience, async () => (why = (await Explain(silos, waits))?.Reasons.FirstOrDefault(r => r.Code == WaitCode.Limit)) is not null);
        Assert.Equal((1, 1), (why!.Count, why.Of));
        Assert.Contains("queue:default: 1 of 1 run", why.Text);
        await Deadline.Until("the queue's reason", Patience, async () =>
            (await silos.Grains.GetGrain<IExplainerGrain>(0).OfQueue(QueueName.Default))!.Reasons.Any(r => r.Code == WaitCode.Limit));

        _crowd.Go();
        await silos.End(runs);
        await silos.End(waits);
    }

    [Fact]
    public async Task Concurrency_RedisIsDown_IsKept()
    {
        await using var silos = await Start(o => o.Kinds["crowd"] = new Limit { Concurrency = 2 });
        await silos.End(await silos.Submit("crowd", "0"));
        await silos.Redis.Kill();
        var ids = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => silos.Submit("crowd", $"{i}")));
        foreach (var id in ids)
            await silos.End(id);
        Assert.Equal(2, _crowd.Most);
    }

    [Fact]
    public async Task Concurrency_LimiterForgets_LearnsWhatRunsFromTheWorkers()
    {
        await using var silos = await Start(o => o.Kinds["crowd"] = new Limit { Concurrency = 2 }, silos: 2);
        _crowd.Hold();
        var running = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => silos.Submit("crowd", $"{i}")));
        await Deadline.Until("both run", Patience, () => Task.FromResult(_crowd.Ran.Count == 2));
        await silos.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero); // the limiter is not kept by anything
        var more = await Task.WhenAll(Enumerable.Range(2, 6).Select(i => silos.Submit("crowd", $"{i}")));

        await Deadline.Until("the limit knows", Patience, async () => await silos.Grains.GetLimiter("kind:crowd").GetStatus() is { Running: 2, Learning: false });
        Assert.Equal(2, _crowd.Ran.Count);
        _crowd.Go();
        foreach (var id in running.Concat(more))
            await silos.End(id);
        Assert.Equal(2, _crowd.Most);
    }

    [Fact]
    public async Task Cancel_HeldBackTask_IsCancelledAndItsPlaceGoesToTheNext()
    {
        await using var silos = await Start(o => o.Queues["default"] = new Limit { Concurrency = 1 });
        _crowd.Hold();
        var runs = await silos.Submit("crowd", "1");
        await Deadline.Until("it runs", Patience, () => Task.FromResult(_crowd.Ran.Count == 1));
        var cancelled = await silos.Submit("crowd", "2");
        var next = await silos.Submit("crowd", "3");
        await Deadline.Until("both are held back", Patience, async () => (await silos.Grains.GetPartition(next.Partition).GetStatus()).HeldBack == 2);

        await silos.Grains.GetTask(cancelled).Cancel(null);
        _crowd.Go();

        await silos.End(runs);
        Assert.Equal(TaskState.Succeeded, (await silos.End(next)).State);
        Assert.Equal(["1", "3"], _crowd.Ran);
    }

    private static async Task<TaskExplanation?> Explain(TestSilos silos, TaskId id)
    {
        try
        {
            return await silos.Grains.GetGrain<IExplainerGrain>(0).OfTask(id);
        }
        catch (StoreUnavailableException)
        {
            return null; // the run with storage faults
        }
    }

    private static async Task<TaskId> Submit(TestSilos silos, string payload, TaskKeys keys) =>
        ((TaskAccepted)await silos.TrySubmit("crowd", payload, more: s => s with { Keys = keys })).Receipt.TaskId;

    private Task<TestSilos> Start(Action<LimitOptions> limits, short silos = 1) => TestSilos.Start(silos, services: s =>
    {
        s.AddSingleton(_crowd);
        s.AddTaskHandler<CrowdHandler>("crowd");
        s.Configure(limits);
    });

    /// <summary>Counts how many run at a time.</summary>
    private sealed class Crowd
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource? _gate;
        private int _now;

        public ConcurrentQueue<string> Ran { get; } = new();

        public int Most { get; private set; }

        public void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Go() => _gate!.SetResult();

        public async Task Enter(string payload, CancellationToken cancellationToken)
        {
            lock (_lock)
                Most = Math.Max(Most, ++_now);
            Ran.Enqueue(payload);
            try
            {
                await (_gate?.Task.WaitAsync(cancellationToken) ?? Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken));
            }
            finally
            {
                lock (_lock)
                    _now--;
            }
        }
    }

    private sealed class CrowdHandler(Crowd crowd) : ITaskHandler<JsonElement, JsonElement>
    {
        public async Task<JsonElement> Handle(JsonElement payload, ITaskContext context)
        {
            await crowd.Enter(payload.ToString(), context.CancellationToken);
            return payload;
        }
    }
}
