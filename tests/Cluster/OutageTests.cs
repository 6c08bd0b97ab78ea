using Microsoft.Extensions.DependencyInjection;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>A real Redis that dies, hangs, refuses and forgets, under silos that go on.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Witness _witness = new();

    [Fact]
    public async Task Submit_RedisKilled_JournalReceiptAndItRuns()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "\"before\""));
        await silos.Redis.Kill();

        var receipt = ((TaskAccepted)await silos.TrySubmit("note", "\"during\"")).Receipt;
        var task = await silos.End(receipt.TaskId);

        Assert.Equal(Durability.Journal, receipt.Durability);
        Assert.Equal(TaskState.Succeeded, task.State);
    }

    /// <summary>Where another silo could read a store that lacks the end.</summary>
    [Fact]
    public async Task RedisBack_TasksThatEndedMeanwhile_LeaveMemory()
    {
        await using var silos = await Start(silos: 2);
        await silos.End(await silos.Submit("note", "1"));
        await silos.Redis.Kill();
        var id = await silos.Submit("note", "2");
        await silos.End(id);
        var kept = silos.Cluster.Silos.Select(s => s.ServiceProvider.GetRequiredService<KeptTasks>()).ToArray();
        Assert.True(kept.Sum(k => k.Count) > 0);

        await silos.Redis.Begin();

        await Deadline.Until("they are let go", Limit, () => Task.FromResult(kept.Sum(k => k.Count) == 0));
        Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State); // as the store has it
    }

    [Fact]
    public async Task Submit_RedisHangs_JournalReceiptBeforeItGoesOn()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "1"));
        silos.Redis.Pause();
        var receipt = ((TaskAccepted)await silos.TrySubmit("note", "2")).Receipt;
        silos.Redis.Resume();

        Assert.Equal(Durability.Journal, receipt.Durability);
        await silos.End(receipt.TaskId);
        await Healthy(silos);
        Assert.Equal(2, _witness.Ran.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RedisBack_AfterAnOutage_HasEverythingAndNothingRanTwice(short silosCount)
    {
        await using var silos = await Start(silos: silosCount);
        List<TaskId> ids = [await silos.Submit("note", "1")];
        await silos.End(ids[0]);
        await silos.Redis.Kill();
        for (var i = 2; i <= 50; i++)
            ids.Add(await silos.Submit("note", $"{i}"));
        foreach (var id in ids)
            await silos.End(id);
        await silos.Redis.Begin();
        await Healthy(silos);

        await Deadline.Until("the store has what each silo had", Limit, async () => await Stored(silos, TaskState.Succeeded) == 50);
        Assert.Equal(50, _witness.Ran.Count);
        Assert.Equal(50, _witness.Ran.Distinct().Count());
    }

    [Fact]
    public async Task Flush_UnderWaitingAndFinishedTasks_EverythingIsPutBack()
    {
        await using var silos = await Start(concurrency: 1);
        var done = await silos.Submit("note", "0");
        await silos.End(done);
        var held = await silos.Submit("hold", "1");
        List<TaskId> waiting = [];
        for (var i = 2; i <= 20; i++)
            waiting.Add(await silos.Submit("note", $"{i}"));
        await Deadline.Until("all are stored", Limit, async () => await Stored(silos, TaskState.Queued) >= 19);
        await Command(silos, "FLUSHALL");

        await Deadline.Until("they are back", Limit, async () => await Stored(silos, TaskState.Queued) >= 19 && await Stored(silos, TaskState.Succeeded) == 1);
        _witness.Gate.SetResult();
        foreach (var id in waiting.Append(held))
            Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
        Assert.Equal(21, _witness.Ran.Count);
    }

    [Theory]
    [InlineData("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0", StoreFault.OutOfMemory)]
    [InlineData("REPLICAOF 192.0.2.1 1", "REPLICAOF NO ONE", StoreFault.ReadOnly)]
    public async Task Submit_RedisRefusesWrites_FaultIsNamedAndTheJournalTakesIt(string inject, string heal, StoreFault fault)
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "Garnet does not know these faults.");
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "1"));
        await Command(silos, inject);
        await Deadline.Until("it is noticed", Limit, () => Task.FromResult(silos.Health.Fault == fault), () => $"{silos.Health.State} {silos.Health.Fault}");
        var receipt = ((TaskAccepted)await silos.TrySubmit("note", "2")).Receipt;
        await silos.End(receipt.TaskId);
        await Command(silos, heal);
        await Healthy(silos);

        Assert.Equal(Durability.Journal, receipt.Durability);
        Assert.Equal(2, await Stored(silos, TaskState.Succeeded));
    }

    [Fact]
    public async Task Submit_OneKeyBeforeDuringAndAfter_OneTask()
    {
        await using var silos = await Start();
        var id = TaskId.ForKey(QueueName.Default, 1, "key");
        await silos.TrySubmit("note", "1", id: id, key: "key");
        await silos.End(id);
        await silos.Redis.Kill();
        await Deadline.Until("it is down", Limit, () => Task.FromResult(silos.Health.State == StoreState.Down));
        var during = await silos.TrySubmit("note", "1", id: id, key: "key");
        await silos.Redis.Begin();
        await Healthy(silos);
        var after = await silos.TrySubmit("note", "1", id: id, key: "key");

        Assert.IsType<TaskAccepted>(during);
        Assert.Equal(TaskState.Succeeded, ((TaskAccepted)after).Receipt.Status);
        await silos.End(await silos.Submit("note", "2"));
        Assert.Single(_witness.Ran, "1");
    }

    [Fact]
    public async Task Submit_NewKeyDuringOutage_HeldUntilRedisIsBack()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "1"));
        await silos.Redis.Kill();
        await Deadline.Until("it is down", Limit, () => Task.FromResult(silos.Health.State == StoreState.Down));
        var id = TaskId.ForKey(QueueName.Default, 1, "new");
        var receipt = ((TaskAccepted)await silos.TrySubmit("note", "2", id: id, key: "new")).Receipt;
        await silos.End(await silos.Submit("note", "3"));

        Assert.Equal(TaskState.Blocked, receipt.Status);
        Assert.DoesNotContain("2", _witness.Ran);
        await silos.Redis.Begin();
        Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
    }

    [Fact]
    public async Task Submit_RedisAndDiskRefuse_UnavailableAndNeverRuns()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "1"));
        await silos.Redis.Kill();
        await Deadline.Until("it is down", Limit, () => Task.FromResult(silos.Health.State == StoreState.Down));
        silos.Faults.DiskFull = true;
        var outcome = await silos.TrySubmit("note", "2");
        silos.Faults.Clear();
        await silos.Redis.Begin();
        await Healthy(silos);
        await silos.End(await silos.Submit("note", "3"));

        Assert.IsType<StoreUnavailable>(outcome);
        Assert.Equal(["1", "3"], _witness.Ran);
    }

    [Fact]
    public async Task Get_RedisDownAndTaskNotInMemory_TrueState()
    {
        await using var silos = await Start(concurrency: 1);
        await silos.Submit("hold", "1");
        await Deadline.Until("the slot is taken", Limit, () => Task.FromResult(!_witness.Ran.IsEmpty));
        var waiting = await silos.Submit("note", "2");
        await silos.Redis.Kill();

        Assert.Equal(TaskState.Queued, (await silos.Grains.GetTask(waiting).Get())!.State);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => silos.Grains.GetTask(TaskId.New(waiting.Partition, DateTimeOffset.UtcNow)).Get());
        _witness.Gate.SetResult();
        await silos.End(waiting);
    }

    [Fact]
    public async Task Steps_AttemptLostInAnOutage_AreNotRunAgain()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "1"));
        await silos.Redis.Kill();
        var id = await silos.Submit("steps");
        await Deadline.Until("two steps ran", Limit, () => Task.FromResult(_witness.Ran.Contains("step 2")));
        await Deadline.Until("the second is kept", Limit, async () =>
        {
            // The worker's slot is as good as lost: its silo says so, and the task goes back to its queue.
            var task = await silos.Grains.GetTask(id).Get();
            return task!.State == TaskState.Running && await silos.Grains.GetTask(id).GiveBack(task.HeldBy!.Value, GiveBackReason.WorkerLost) == TaskState.Queued;
        });
        await silos.Redis.Begin();
        _witness.Gate.SetResult();
        var task = await silos.End(id);

        Assert.Equal("[1,2,3]", System.Text.Encoding.UTF8.GetString(task.Result!));
        Assert.Single(_witness.Ran, "step 1");
        Assert.Single(_witness.Ran, "step 2");
    }

    [Fact]
    public async Task Read_DamagedRecord_IsSetAsideAndTheQueueGoesOn()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "What the store does not tell, the journal does, and its copy is whole.");
        await using var silos = await Start(concurrency: 1);
        var held = await silos.Submit("hold", "1");
        await Deadline.Until("the slot is taken", Limit, () => Task.FromResult(!_witness.Ran.IsEmpty));
        var damaged = await silos.Submit("note", "2");
        await using (var redis = await Connect(silos))
        {
            var key = $"test:{{default.0}}:task:{MorningAI.Tasks.Base32.Encode(damaged.Unique)}";
            await redis.GetDatabase().StringSetRangeAsync(key, RecordHeader.Length, new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff });
        }

        var next = await silos.Submit("note", "3");
        _witness.Gate.SetResult();
        await silos.End(held);
        await silos.End(next);
        await Deadline.Until("it is out of the queue", Limit, async () => await Stored(silos, TaskState.Queued) == 0);
        Assert.DoesNotContain("2", _witness.Ran);
    }

    private Task<TestSilos> Start(int concurrency = 16, short silos = 1) => TestSilos.Start(silos, w => w.Concurrency = concurrency, s => Witness.Register(s, _witness));

    private static Task Healthy(TestSilos silos) =>
        Deadline.Until("the store is healthy", Limit, () => Task.FromResult(silos.Health.State == StoreState.Healthy), () => $"{silos.Health.State} {silos.Health.Fault}");

    private static async Task<long> Stored(TestSilos silos, TaskState state)
    {
        await using var redis = await Connect(silos);
        return await redis.GetDatabase().SortedSetLengthAsync($"test:{{default.0}}:state:{state.WireName()}");
    }

    private static async Task Command(TestSilos silos, string command)
    {
        await using var redis = await Connect(silos);
        var words = command.Split(' ');
        await redis.GetDatabase().ExecuteAsync(words[0], words[1..]);
    }

    private static async Task<ConnectionMultiplexer> Connect(TestSilos silos) =>
        await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{silos.Redis.Port},allowAdmin=true");
}
