using MorningAI.Storage;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Queues;

/// <summary>What is stored and not here, and whose worker is gone.</summary>
public sealed partial class QueuePartitionGrainTests
{
    [Fact]
    public async Task Tick_First_TakesInWhatIsStoredAndPushesItInOrder()
    {
        _records.Indexed[TaskState.Queued] = [(Given.Unique(1), 1), (Given.Unique(2), 2)];
        var queue = await Activate();
        await queue.Enqueue([new QueueEntry(Given.Unique(3), new QueueRank(0))]);
        Assert.Empty(_pushed); // an older task may still come up that goes first
        await _bench.Tick();
        Assert.Equal([Given.Unique(3), Given.Unique(1), Given.Unique(2)], _pushed);
    }

    /// <summary>What it has ended by its journal is unfinished to everybody else.</summary>
    [Fact]
    public async Task Tick_AWorkersSiloDiedBehindTheStore_ItsTasksAreLeftToItForAWhile()
    {
        _isBehind = true;
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        _held.Add(Given.Unique(1));
        _status = SiloStatus.Dead;
        await _bench.Tick();
        Assert.Empty(_givenBack);

        _time.Advance(new DurableStorageOptions().AwaitJournal);
        await _bench.Tick();
        Assert.Equal(W1, Assert.Single(_givenBack).Worker);
    }

    /// <summary>It may only be cut off, and would end what begins anew elsewhere.</summary>
    [Fact]
    public async Task Tick_AWorkersSiloIsDead_TheStoreIsToldBeforeItsTasksAreGivenBack()
    {
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        _held.Add(Given.Unique(1));
        Assert.DoesNotContain(W1.Host, _records.Fenced);

        _status = SiloStatus.Dead;
        var wasFenced = false;
        _givesBack = _ =>
        {
            wasFenced = _records.Fenced.Contains(W1.Host);
            return TaskState.Queued;
        };
        await _bench.Tick();
        await _bench.Tick();
        Assert.True(wasFenced);
        Assert.Single(_records.Fenced, W1.Host);
    }

    /// <summary>A store that cannot be told takes nothing of theirs either.</summary>
    [Fact]
    public async Task Tick_TheStoreCannotBeToldWhoIsDead_GoesOnAndTellsItLater()
    {
        _records.Down = new StoreUnavailableException("away");
        await Activate();
        await _bench.Tick();
        Assert.Empty(_records.Fenced);

        _records.Down = null;
        await _bench.Tick();
        Assert.Single(_records.Fenced);
    }

    /// <summary>What it was told it may have lost.</summary>
    [Fact]
    public async Task Tick_TheStoreWasAway_IsToldAgainWhoIsDead()
    {
        await Activate();
        await _bench.Tick();
        Assert.Single(_records.Fenced);

        _time.Advance(TimeSpan.FromSeconds(1));
        _health!.CallFailed(StoreFault.Unreachable);
        await _bench.Tick();
        Assert.Single(_records.Fenced); // nor is it asked while it is away

        _health.ProbeAnswered(TimeSpan.Zero);
        await _bench.Tick();
        Assert.Equal(2, _records.Fenced.Count);
    }

    /// <summary>A task whose key is to be checked may have its grain on a silo that hangs: everybody else's tasks go on, and it is tried again soon.</summary>
    [Fact]
    public async Task Sweep_AGrainDoesNotAnswer_GoesOnWithoutIt()
    {
        _records.Indexed[TaskState.Blocked] = [(Given.Unique(1), 1)];
        var queue = await Activate();
        var ticking = _bench.Tick();
        await Until.Passes(_time, TimeSpan.FromSeconds(1), () => ticking.IsCompleted, "the tick ends");
        await ticking;
        await queue.Enqueue([new QueueEntry(Given.Unique(2), default)]);
        Assert.Equal([Given.Unique(2)], _pushed);

        _time.Advance(new QueueOptions().Patience);
        ticking = _bench.Tick();
        await Until.Passes(_time, TimeSpan.FromSeconds(1), () => ticking.IsCompleted, "the tick ends");
        Assert.Equal(2, _verified);
    }

    /// <summary>What it has acknowledged as ended the store may show as queued.</summary>
    [Fact]
    public async Task Dispatch_AWorkersSiloIsBehind_GoesByTheTasksGrainsUntilItIsNot()
    {
        _isBehind = true;
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        _held.Add(Given.Unique(1));
        _isBehind = false;
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(2), default)]);
        _peersAreAwaited = true;
        await queue.Enqueue([new QueueEntry(Given.Unique(3), default)]);
        _isAlone = true; // nobody else can have ended it
        await queue.Enqueue([new QueueEntry(Given.Unique(4), default)]);
        Assert.Equal([false, true, false, true], _direct);
    }

    /// <summary>Grains on its silo may count on the partition's earlier life.</summary>
    [Fact]
    public async Task Dispatch_AWorkerCannotBeToldThatThePartitionIsUp_GoesByTheTasksGrainsUntilItIs()
    {
        _isOld = true;
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        _held.Add(Given.Unique(1));
        _isOld = false;
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(2), default)]);
        _held.Add(Given.Unique(2));
        await _bench.Tick();
        Assert.Equal([false, true], _direct);
        Assert.Equal(2, _introduced); // once it is told, not again
    }

    /// <summary>A silo that is cut off from the store has its end; the store still shows it as queued, and the sweep finds it there.</summary>
    [Fact]
    public async Task Dispatch_OnlyAJournalHasItsEnd_GoesByItsGrain()
    {
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        await queue.Released(W1, [new ReleasedTask(Given.Unique(1), false, TimeSpan.Zero, null) { IsBehind = true }], 8);
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default), new QueueEntry(Given.Unique(2), default)]);
        Assert.Equal([true, false, true], _direct);
    }

    /// <summary>Membership is heard of late: its grains may have met an earlier life of the partition, and it was not told of this one.</summary>
    [Fact]
    public async Task Activate_ASiloSeemsToJoin_GoesByTheGrainsUntilItIsTold()
    {
        _status = SiloStatus.Joining;
        _isOld = true;
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        (_isOld, _held) = (false, [Given.Unique(1)]);
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(2), default)]);
        Assert.Equal([false, true], _direct);
    }

    /// <summary>Another silo has put back what it has, before this one has found out.</summary>
    [Fact]
    public async Task Tick_TheStoreHasForgottenUnnoticed_TakesNothingIn()
    {
        var queue = await Activate();
        _records.Indexed[TaskState.Queued] = [(Given.Unique(1), 1)];
        _records.Looked = () => _health!.LostData();
        await _bench.Tick();
        _time.Advance(TimeSpan.FromSeconds(1));
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(2), default)]); // what comes in now is not done
        Assert.Equal([Given.Unique(2)], _pushed);

        _records.Looked = null;
        _health!.CaughtUp();
        await _bench.Tick();
        Assert.Equal([Given.Unique(2), Given.Unique(1)], _pushed);
    }
}
