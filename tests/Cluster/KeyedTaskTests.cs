using MorningAI.Explaining;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Tasks that share an order key or a unique key. With retries, cancels, a real Redis' death and emptiness, and a silo's death.</summary>
public sealed class KeyedTaskTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TaskKeys Conversation = new() { Order = "conversation-1" };
    private readonly Witness _witness = new();

    [Fact]
    public async Task Order_OfOneKey_IsThatOfSubmissionAndOneAtATime()
    {
        await using var silos = await Start(2);
        var ids = new List<TaskId>();
        for (var i = 0; i < 30; i++)
            ids.Add(await Submit(silos, "note", $"{i}", Conversation));
        foreach (var id in ids)
            await silos.End(id);

        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), _witness.Ran);
    }

    [Fact]
    public async Task Order_TheFirstIsRetried_TheNextWaitsForIt()
    {
        await using var silos = await Start();
        var flaky = await Submit(silos, "flaky", "2", Conversation, s => s with { Retry = RetryPolicy.After(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300)) });
        var next = await Submit(silos, "note", "7", Conversation);
        WaitReason? why = null;
        await Deadline.Until("the reason", Limit, async () => (why = (await Explain(silos, next))?.Reasons.FirstOrDefault(r => r.Code == WaitCode.Order)) is not null);
        Assert.Contains(flaky.ToString(), why!.Text);

        await silos.End(next);

        Assert.Equal(["attempt 1", "attempt 2", "attempt 3", "7"], _witness.Ran);
    }

    [Fact]
    public async Task Order_ThoseBetweenAreCancelled_TheNextStillWaitsForTheFirst()
    {
        await using var silos = await Start();
        var first = await Submit(silos, "hold", "1", Conversation);
        await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Count == 1));
        var between = new[] { await Submit(silos, "note", "2", Conversation), await Submit(silos, "note", "3", Conversation) };
        foreach (var id in between)
            Assert.True((await silos.Grains.GetTask(id).Cancel(null)).Cancelled);
        var last = await Submit(silos, "note", "4", Conversation);
        await Deadline.Until("it is held back", Limit, async () => (await silos.Grains.GetPartition(last.Partition).Place(last.Unique)).Whereabouts == Whereabouts.HeldBack);
        Assert.Equal(["1"], _witness.Ran);

        _witness.Gate.SetResult();

        await silos.End(last);
        Assert.Equal(["1", "4"], _witness.Ran);
        Assert.Equal(TaskState.Succeeded, (await silos.End(first)).State);
    }

    [Fact]
    public async Task Order_SiloDies_GoesOnInOrder()
    {
        await using var silos = await Start(2);
        var first = await Submit(silos, "hold", "0", Conversation);
        await Deadline.Until("it runs", Limit, () => Task.FromResult(!_witness.Ran.IsEmpty));
        var ids = new List<TaskId>();
        for (var i = 1; i < 10; i++)
            ids.Add(await Submit(silos, "note", $"{i}", Conversation));

        var victim = (await silos.Grains.GetTask(first).Get())!.HeldBy!.Value.Host;
        await silos.Kill(silos.Cluster.Silos.Single(s => s.SiloAddress.Equals(victim)));
        _witness.Gate.SetResult();
        foreach (var id in ids)
            await silos.End(id);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), _witness.Ran.SkipWhile((_, i) => i == 0)); // the first ran a second time
    }

    [Fact]
    public async Task Order_RedisDiesAndComesBackEmpty_IsKept()
    {
        await using var silos = await Start();
        var ids = new List<TaskId> { await Submit(silos, "note", "0", Conversation) };
        await silos.Redis.Kill();
        for (var i = 1; i < 6; i++)
            ids.Add(await Submit(silos, "note", $"{i}", Conversation));
        await silos.Redis.BeginEmpty();
        for (var i = 6; i < 10; i++)
            ids.Add(await Submit(silos, "note", $"{i}", Conversation));
        foreach (var id in ids)
            await silos.End(id);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), _witness.Ran);
    }

    /// <summary>Nobody has used the key lately, and what came before cannot be read.</summary>
    [Fact]
    public async Task Order_KeyIsFirstUsedInAnOutage_IsTakenAndGoesBehindWhatWasBefore()
    {
        await using var silos = await Start();
        var first = await Submit(silos, "hold", "1", Conversation);
        await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Count == 1));
        await silos.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        await silos.Redis.Kill();
        await Deadline.Until("the outage is seen", Limit, () => Task.FromResult(!silos.Health.IsWorthTrying));
        var ids = new List<TaskId>();
        for (var i = 2; i < 6; i++)
            ids.Add(await Submit(silos, "note", $"{i}", Conversation));
        var other = await Submit(silos, "note", "9", new TaskKeys { Order = "never used" });
        await silos.Redis.Begin();
        ids.Add(await Submit(silos, "note", "6", Conversation));

        await silos.End(other); // nothing was before it, which is known now
        Assert.Equal(["1", "9"], _witness.Ran);
        _witness.Gate.SetResult();
        foreach (var id in ids)
            await silos.End(id);

        Assert.Equal(["1", "9", "2", "3", "4", "5", "6"], _witness.Ran);
        Assert.Equal(TaskState.Succeeded, (await silos.End(first)).State);
    }

    [Fact]
    public async Task Unique_KeyCannotBeReadInAnOutage_IsRefusedAndNothingIsStored()
    {
        Assert.SkipWhen(UnreliableStore.Seed is not null, "What is asked there may be refused anyway.");
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "0"));
        await silos.Redis.Kill();
        await Deadline.Until("the outage is seen", Limit, () => Task.FromResult(!silos.Health.IsWorthTrying));

        var outcome = Assert.IsType<StoreUnavailable>(await silos.TrySubmit("note", "1", more: s => s with { Keys = new TaskKeys { Unique = "rebuild" } }));

        Assert.Contains("unique_key", outcome.Message);
        Assert.Equal(["0"], _witness.Ran);
    }

    [Fact]
    public async Task Order_TheSameSubmitTwice_IsOneTaskInItsPlace()
    {
        await using var silos = await Start();
        var id = TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UtcNow);
        await Submit(silos, "note", "1", Conversation, s => s with { Id = id });
        await Submit(silos, "note", "2", Conversation);
        await Submit(silos, "note", "1", Conversation, s => s with { Id = id });
        await silos.End(await Submit(silos, "note", "3", Conversation));

        Assert.Equal(["1", "2", "3"], _witness.Ran);
    }

    [Theory]
    [InlineData(UniqueUntil.Done)]
    [InlineData(UniqueUntil.Started)]
    public async Task Unique_WhileItWaits_IsTheSameTask(UniqueUntil until)
    {
        await using var silos = await Start();
        await silos.Grains.GetQueueDirectory().Decide(QueueName.Default, QueueCommand.Pause, null, null);
        var keys = new TaskKeys { Unique = "rebuild", UniqueUntil = until };
        var receipts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Receipt(silos, "note", "1", keys)));
        var other = await Receipt(silos, "note", "2", new TaskKeys { Unique = "other" });

        Assert.Single(receipts.Select(r => r.TaskId).Distinct());
        Assert.Single(receipts, r => r.Created);
        Assert.NotEqual(receipts[0].TaskId, other.TaskId);
        await silos.Grains.GetQueueDirectory().Decide(QueueName.Default, QueueCommand.Resume, null, null);
        await silos.End(receipts[0].TaskId);
        await silos.End(other.TaskId);
        Assert.Equal(2, _witness.Ran.Count);
    }

    [Theory]
    [InlineData(UniqueUntil.Done, false)]
    [InlineData(UniqueUntil.Started, true)]
    public async Task Unique_OnceItRuns_IsFreeOnlyWhereItHoldsUntilTheStart(UniqueUntil until, bool isNew)
    {
        await using var silos = await Start();
        var keys = new TaskKeys { Unique = "rebuild", UniqueUntil = until };
        var runs = await Receipt(silos, "hold", "1", keys);
        await Deadline.Until("it runs", Limit, () => Task.FromResult(_witness.Ran.Count == 1));

        var second = await Receipt(silos, "note", "2", keys);

        Assert.Equal((isNew, isNew), (second.Created, second.TaskId != runs.TaskId));
        _witness.Gate.SetResult();
        await silos.End(runs.TaskId);
        Assert.True((await Receipt(silos, "note", "3", new TaskKeys { Unique = isNew ? "another" : "rebuild" })).Created);
    }

    [Fact]
    public async Task Unique_RedisDiesAndComesBackEmpty_IsOneTaskAllTheTime()
    {
        await using var silos = await Start();
        await silos.Grains.GetQueueDirectory().Decide(QueueName.Default, QueueCommand.Pause, null, null);
        var keys = new TaskKeys { Unique = "rebuild" };
        var before = await Receipt(silos, "note", "1", keys);
        await silos.Redis.Kill();
        var during = await Receipt(silos, "note", "1", keys);
        await silos.Redis.BeginEmpty();
        await Deadline.Until("the store is whole", Limit, () => Task.FromResult(silos.Health.State == MorningAI.Storage.StoreState.Healthy));
        var after = await Receipt(silos, "note", "1", keys);

        Assert.Equal((before.TaskId, before.TaskId), (during.TaskId, after.TaskId));
        Assert.Equal((true, false, false), (before.Created, during.Created, after.Created));
    }

    [Theory]
    [InlineData("", "order_key")]
    [InlineData("a\nb", "order_key")]
    public async Task Submit_BadKey_IsRefusedByName(string key, string field)
    {
        await using var silos = await Start();
        var refused = Assert.IsType<TaskRefused>(await silos.TrySubmit("note", "1", more: s => s with { Keys = new TaskKeys { Order = key } }));
        Assert.Contains(field, refused.Message);
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

    private static async Task<TaskId> Submit(TestSilos silos, string kind, string payload, TaskKeys keys, Func<TaskSubmission, TaskSubmission>? more = null) =>
        (await Receipt(silos, kind, payload, keys, more)).TaskId;

    /// <summary>One that was not stored is submitted again: the order is that of what was acknowledged.</summary>
    private static async Task<TaskReceipt> Receipt(TestSilos silos, string kind, string payload, TaskKeys keys, Func<TaskSubmission, TaskSubmission>? more = null)
    {
        var id = TaskId.New(new PartitionId(QueueName.Default, 0), DateTimeOffset.UtcNow);
        TaskReceipt? receipt = null;
        await Deadline.Until("a receipt", Limit, async () =>
        {
            receipt = (await silos.TrySubmit(kind, payload, id: id, more: s => (more ?? (t => t))(s with { Keys = keys })) as TaskAccepted)?.Receipt;
            return receipt is not null;
        });
        return receipt!;
    }

    private Task<TestSilos> Start(short silos = 1) => TestSilos.Start(silos, services: s => Witness.Register(s, _witness));
}
