using System.Collections.Concurrent;
using MorningAI.Cluster;
using MorningAI.Handlers;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage;
using MorningAI.Tests.Unit.Storage.Model;
using MorningAI.Workers;
using Orleans.Runtime;
using Orleans.Serialization;

namespace MorningAI.Tests.Unit.Workers;

/// <summary>Attempts on the record alone, while the task's grain sleeps, and their hand-over to it.</summary>
public sealed partial class AttemptRunnerTests
{
    /// <summary>Nobody looks at it: no grain is asked, and the record says it all.</summary>
    [Fact]
    public async Task Run_ItsGrainSleeps_IsBegunAndEndedOnTheRecord()
    {
        Store(Given.Queued());
        _slots.Release();
        AcceptDirectly();

        Assert.False((await NextReleased()).Requeue);
        Assert.Equal(0, _starts + _completions);
        var (begun, ended) = (Assert.Single(_records.Behind), _records.Writes[^1]);
        Assert.Equal((2, 1, TaskState.Running), (begun.Version, begun.Base, begun.Index!.Value.State));
        Assert.Equal((3, 1, TaskState.Succeeded, begun.Writer), (ended.Version, ended.Base, ended.Index!.Value.State, ended.Writer));
        Assert.Equal(new AttemptRef(1, _runner.Worker), Serializer.Deserialize(ended.Body!)!.Ended);
    }

    /// <summary>Nothing is stored under its id here: what counts is in memory.</summary>
    [Fact]
    public async Task Run_TakenInJustNow_IsNotReadBack()
    {
        _fresh.Put(Given.Id(), Given.Fresh(), _time.GetTimestamp());
        _slots.Release();
        AcceptDirectly(areFresh: true);

        await NextReleased();
        Assert.Equal(0, _starts + _completions);
        Assert.Equal((2, 1), (Assert.Single(_records.Behind).Version, _records.Behind[0].Base));
    }

    [Fact]
    public async Task Run_IsBeingStored_BeginsMeanwhile()
    {
        _slots.Release();
        AcceptWhileStored(Given.Queued(), new TaskCompletionSource().Task);

        await NextReleased();
        Assert.Equal(0, _starts + _completions);
        Assert.Equal((3, 1), (_records.Writes[^1].Version, _records.Writes[^1].Base));
    }

    /// <summary>There is more to be known of it than its record says: its grain, which would find nothing yet.</summary>
    [Fact]
    public async Task Run_IsBeingStoredAndCannotBeginDirectly_ItsGrainIsAskedOnceItIs()
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _slots.Release();
        AcceptWhileStored(Given.Queued() with { Marks = new TaskMarks { Follows = [Given.Id(9)] } }, stored.Task);
        await Until.True(() => _runner.Report().Running == 1, "it has a slot");
        Assert.Equal(0, _starts);

        stored.SetResult();
        await NextReleased();
        Assert.Equal(1, _starts);
    }

    /// <summary>It may have run by then.</summary>
    [Fact]
    public async Task Run_PushedAgain_IsReadBack()
    {
        _fresh.Put(Given.Id(), Given.Fresh(), _time.GetTimestamp());
        Store(TaskRules.Cancel(Given.Queued(), null, Given.Now), version: 2);
        _slots.Release();
        AcceptDirectly();

        await NextReleased();
        Assert.Equal(1, _starts);
    }

    /// <summary>What was read before a slot was free may have been changed since; a moment later it counts all the same.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(100, 2)]
    public async Task Run_WaitedForASlot_IsReadWhenItComesAndAgainAfterAWhile(int milliseconds, int reads)
    {
        Store(Given.Queued());
        Accept(2, Concurrency);
        await Until.True(() => _running == Concurrency, "the slots are full");
        AcceptDirectly();
        Assert.Equal(1, _records.Reads);

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _slots.Release(Concurrency + 1);
        await Until.True(() => _released.Count == Concurrency + 1, "all are released");
        Assert.Equal((reads, Concurrency), (_records.Reads, _starts));
    }

    [Fact]
    public async Task Run_FailsWhileItsGrainSleeps_ComesBackAfterItsPause()
    {
        Store(Given.Queued() with { Retry = RetryPolicy.After(TimeSpan.FromSeconds(7)) });
        _fails = true;
        _slots.Release();
        AcceptDirectly();

        var released = await NextReleased();
        Assert.Equal((true, TimeSpan.FromSeconds(7)), (released.Requeue, released.Pause));
        Assert.Equal(TaskState.Scheduled, _records.Writes[^1].Index!.Value.State);
    }

    [Fact]
    public async Task HandOver_ItRuns_IsTheRecordAndItsGrainIsToldOfTheEnd()
    {
        Store(Given.Queued());
        AcceptDirectly();
        await Until.True(() => _running == 1, "it runs");

        var stored = StoredRecord.Parse((await _runner.HandOver(Given.Id()).InTime())!);
        Assert.Equal((2, TaskState.Running), (stored.Header.Version, stored.Header.State));
        Assert.Equal(new AttemptRef(1, _runner.Worker), Serializer.Deserialize(stored.Body)!.Current);
        _slots.Release();

        await NextReleased();
        Assert.Equal((0, 1, 1), (_starts, _completions, _records.Writes.Count));
    }

    [Fact]
    public async Task HandOver_BeforeItIsPushed_IsBegunByItsGrain()
    {
        Store(Given.Queued());
        Assert.Empty((await _runner.HandOver(Given.Id()).InTime())!);
        _slots.Release();
        AcceptDirectly();

        await NextReleased();
        Assert.Equal((1, 1), (_starts, _completions));
    }

    /// <summary>What it ended while this silo alone is cut off from the store nobody else would find there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HandOver_ItHasEnded_IsTheEndWhereTheStoreMayLackIt(bool isCutOff)
    {
        Store(Given.Queued());
        _slots.Release();
        AcceptDirectly();
        await NextReleased();
        _records.MayBeOld = isCutOff;

        var record = await _runner.HandOver(Given.Id()).InTime();

        Assert.Equal(isCutOff ? TaskState.Succeeded : null, record is { Length: > 0 } ? StoredRecord.Parse(record).Header.State : null);
        Assert.NotNull(record);
    }

    /// <summary>Its grain woke up, and neither its queue nor this worker was told.</summary>
    [Fact]
    public async Task Run_SomebodyChangedTheRecord_ItsGrainSaysWhatCounts()
    {
        Store(Given.Queued());
        _complete = _ => new CompleteOutcome(false, TaskState.Cancelled);
        AcceptDirectly();
        await Until.True(() => _running == 1, "it runs");
        Store(TaskRules.Cancel(Given.Queued(), null, Given.Now), version: 2);
        _slots.Release();

        Assert.False((await NextReleased()).Requeue);
        Assert.Equal(1, _completions);
    }

    /// <summary>A silo that was called dead had begun it, and that reached the store late: its queue must not forget it.</summary>
    [Fact]
    public async Task Run_ItTurnsOutToRunElsewhere_ComesBackToBeAskedWhose()
    {
        Store(Given.Queued());
        _complete = _ => new CompleteOutcome(false, TaskState.Running);
        AcceptDirectly();
        await Until.True(() => _running == 1, "it runs");
        Store(TaskRules.Begin(Given.Queued(), Given.Worker("w2"), Given.Now), version: 2);
        _slots.Release();

        Assert.True((await NextReleased()).Requeue);
    }

    [Theory]
    [InlineData("store")]
    [InlineData("old")]
    [InlineData("order")]
    [InlineData("cancelled")]
    [InlineData("damaged")]
    [InlineData("overdue")]
    public async Task Run_MoreIsToBeKnown_IsBegunByItsGrain(string what)
    {
        Store(what switch
        {
            "order" => Given.Queued() with { Marks = new TaskMarks { OrderKey = "a", Follows = [Given.Id(2)] } },
            "cancelled" => TaskRules.Cancel(Given.Queued(), null, Given.Now),
            "overdue" => Given.Queued() with { Deadline = Given.Now },
            _ => Given.Queued(),
        });
        if (what == "damaged")
            _records.Put(new RecordWrite { Key = RecordKey.Of(Given.Id()), Version = 2, Base = 1, Writer = 1, Body = [1, 2, 3] });
        _records.MayBeOld = what == "old";
        if (what == "store")
            _health.CallFailed(StoreFault.Unreachable);
        _slots.Release();
        AcceptDirectly();

        await NextReleased();
        Assert.Equal(1, _starts);
    }

    /// <summary>The store is away. Another silo that has it could not know of an end that this one's journal alone has; where there is none, no grain is needed.</summary>
    [Theory]
    [InlineData(true, 0, 0)]
    [InlineData(false, 1, 1)]
    public async Task Run_StoreIsAway_IsRunOnTheRecordWhereNoOtherSiloIs(bool isAlone, int starts, int completions)
    {
        Store(Given.Queued());
        _isAlone = isAlone;
        _health.CallFailed(StoreFault.Unreachable);
        _records.Durability = Durability.Journal;
        _slots.Release();
        AcceptDirectly();

        Assert.False((await NextReleased()).Requeue);
        Assert.Equal((starts, completions), (_starts, _completions));
        Assert.Equal(isAlone ? TaskState.Succeeded : TaskState.Queued, _records.Writes[^1].Index!.Value.State);
    }

    /// <summary>Nobody reads there what this silo's journal is ahead of; and what the others have is known where all of them answer.</summary>
    [Theory]
    [InlineData(true, true, 0)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    public async Task Run_StoreIsAwayFromAll_IsRunOnWhatTheyHaveAmongThem(bool isCommon, bool doAllAnswer, int grains)
    {
        Store(Given.Queued());
        (_isOutageCommon, _records.DoAllAnswer) = (isCommon, doAllAnswer);
        _health.CallFailed(StoreFault.Unreachable);
        _records.Durability = Durability.Journal;
        _slots.Release();
        Assert.True(_runner.Accept(Given.Partition, new DispatchBatch([new QueueEntry(Given.Unique(1), default) { IsAsleep = true }], 0)).Taken);

        var released = await NextReleased();
        Assert.Equal((grains, grains), (_starts, _completions));
        Assert.Equal((false, grains == 0), (released.Requeue, released.IsBehind));
    }

    /// <summary>Journals may have more than the store that answers again.</summary>
    [Fact]
    public async Task Run_ItsGrainSleepsAndTheStoreMayLack_IsBegunByItsGrain()
    {
        Store(Given.Queued());
        _slots.Release();
        Assert.True(_runner.Accept(Given.Partition, new DispatchBatch([new QueueEntry(Given.Unique(1), default) { IsAsleep = true }], 0)).Taken);

        await NextReleased();
        Assert.Equal(1, _starts);
    }

    /// <summary>It goes away while the attempt runs.</summary>
    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task Run_JournalAcknowledgesTheEnd_ItsGrainIsToldWhereOtherSilosAre(bool isAlone, int completions)
    {
        Store(Given.Queued());
        _isAlone = isAlone;
        AcceptDirectly();
        await Until.True(() => _running == 1, "it runs");
        _records.Durability = Durability.Journal;
        _slots.Release();

        await NextReleased();
        Assert.Equal((0, completions), (_starts, _completions));
    }
}
