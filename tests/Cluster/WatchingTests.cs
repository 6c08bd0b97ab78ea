using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Handlers;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Whoever watches a task sees each thing once and in order, whatever dies meanwhile.</summary>
public sealed class WatchingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Gates _gates = new();

    [Fact]
    public async Task Follow_HandlerLogsAndStreams_EverythingOnceAndKept()
    {
        await using var silos = await Start();
        var id = await silos.Submit("tell");
        var listener = new Listener(silos.Grains, id);
        await listener.HeardText("one of 1, ");
        _gates.Open(1);
        await listener.HeardEnd();

        Assert.Equal(["queued", "running 1", "begun 1", "done 1", "succeeded 1", "end"], listener.Words);
        Assert.Equal("one of 1, two of 1", listener.Text);
        var late = new Listener(silos.Grains, id);
        await late.HeardEnd();
        Assert.Equal(listener.Words, late.Words);
        Assert.Equal(["begun 1", "done 1"], (await silos.End(id)).Trail!.Lines.Select(line => line.Text));
    }

    [Fact]
    public async Task Follow_RedisDiesAndComesBackEmpty_GoesOnAndTheLogIsKept()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("quiet"));
        await silos.Redis.Kill();
        var id = await silos.Submit("tell");
        var listener = new Listener(silos.Grains, id);
        await listener.HeardText("one of 1, ");
        await silos.Redis.Begin();
        await Deadline.Until("the store is healthy", Limit, () => Task.FromResult(silos.Health.State == StoreState.Healthy));
        await using (var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{silos.Redis.Port},allowAdmin=true"))
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        _gates.Open(1);
        await listener.HeardEnd();

        Assert.Equal(["queued", "running 1", "begun 1", "done 1", "succeeded 1", "end"], listener.Words);
        Assert.Equal("one of 1, two of 1", listener.Text);
        Assert.Equal(2, (await silos.End(id)).Trail!.Lines.Length);
    }

    [Fact]
    public async Task Follow_SiloOfTheTaskDies_NextAttemptFollowsAndNothingComesTwice()
    {
        await using var silos = await Start(2);
        var (id, victim) = await OnTheSecond(silos);
        var listener = new Listener(silos.Grains, id);
        await listener.HeardText("one of 1, ");
        await silos.Kill(victim);
        await listener.HeardText("one of 2, ");
        _gates.Open(2);
        await listener.HeardEnd();

        Assert.Equal("one of 2, two of 2", listener.Text);
        Assert.Equal(listener.Words.Length, listener.Words.Distinct().Count());
        Assert.Equal("end", listener.Words[^1]);
        string[] must = ["queued", "running 1", "begun 1", "running 2", "begun 2", "restarted 2", "done 2", "succeeded 2"];
        Assert.Equal(must, listener.Words.Where(must.Contains));
    }

    [Fact]
    public async Task Follow_Cancelled_EndsAtOnce()
    {
        await using var silos = await Start();
        var id = await silos.Submit("tell");
        var listener = new Listener(silos.Grains, id);
        await listener.HeardText("one of 1, ");
        await silos.Grains.GetTask(id).Cancel("enough");
        await listener.HeardEnd();

        Assert.Equal(["queued", "running 1", "begun 1", "cancelled 1", "end"], listener.Words);
    }

    [Fact]
    public async Task End_QuietTask_HasNoTrail()
    {
        await using var silos = await Start();
        Assert.Null((await silos.End(await silos.Submit("quiet"))).Trail);
    }

    private async Task<(TaskId, Orleans.TestingHost.InProcessSiloHandle)> OnTheSecond(TestSilos silos)
    {
        var second = silos.Cluster.Silos[1];
        for (var i = 0; ; i++)
        {
            Assert.True(i < 100, "no task went to the second silo");
            var id = await silos.Submit("tell");
            TaskSnapshot? task = null;
            await Deadline.Until("it runs", Limit, async () => (task = await silos.Grains.GetTask(id).Get())?.State == TaskState.Running);
            if (task!.HeldBy!.Value.Host.Equals(second.SiloAddress))
                return (id, second);
        }
    }

    private Task<TestSilos> Start(short silos = 1) => TestSilos.Start(silos, services: s =>
    {
        s.AddSingleton(_gates);
        s.AddTaskHandler<Tell>("tell");
        s.AddTaskHandler<Quiet>("quiet");
    });

    /// <summary>One for each number of an attempt.</summary>
    internal sealed class Gates
    {
        private readonly TaskCompletionSource[] _gates = [.. Enumerable.Range(0, 10).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];

        public void Open(int attempt) => _gates[attempt].TrySetResult();

        public Task Wait(ITaskContext context) => _gates[context.Attempt].Task.WaitAsync(context.CancellationToken);
    }

    internal sealed class Tell(Gates gates) : ITaskHandler<JsonElement, int>
    {
        public async Task<int> Handle(JsonElement payload, ITaskContext context)
        {
            context.Log($"begun {context.Attempt}");
            context.Stream($"one of {context.Attempt}, ");
            await gates.Wait(context);
            context.Stream("two ");
            context.Stream($"of {context.Attempt}");
            context.Log($"done {context.Attempt}");
            return context.Attempt;
        }
    }

    internal sealed class Quiet : ITaskHandler<JsonElement, int>
    {
        public Task<int> Handle(JsonElement payload, ITaskContext context) => Task.FromResult(1);
    }
}
