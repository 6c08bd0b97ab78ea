using MorningAI.Storage;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Queues;

/// <summary>What a worker says it holds when queue and worker meet, while things change.</summary>
public sealed partial class QueuePartitionGrainTests
{
    /// <summary>A partition whose silo died is often woken by a worker's report: what else that worker has must not be taken for lost.</summary>
    [Fact]
    public async Task Released_ByAWorkerNotMetYet_DoesNotEndWhatElseItRuns()
    {
        var running = Given.Unique(1);
        _held.Add(running);
        _records.Indexed[TaskState.Running] = [(running, 0)];
        var queue = await Activate();
        await queue.Released(W1, [new ReleasedTask(Given.Unique(2), false, TimeSpan.Zero, null)], 8);

        await _bench.Tick();

        Assert.Empty(_givenBack);
        Assert.Equal(1, _attached);
        Assert.Equal(1, (await queue.GetStatus()).Assigned);
    }

    /// <summary>The worker's answer is older than its word: taken for assigned, the task would wait for ever.</summary>
    [Fact]
    public async Task Released_WhileTheWorkerSaysWhatItHolds_IsNotTakenForHeld()
    {
        _held.Add(Given.Unique(1));
        var queue = await Activate();
        _whileAttaching = () => queue.Released(W1, [new ReleasedTask(Given.Unique(1), true, TimeSpan.Zero, null)], 8);
        await _bench.Tick();
        Assert.Equal([Given.Unique(1)], _pushed);
    }

    [Fact]
    public async Task Released_OfAKnownTaskWhileTheWorkerSaysWhatItHolds_StaysGone()
    {
        _isBehind = true; // attached to with each tick
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        _held.Add(Given.Unique(1));
        _whileAttaching = () => queue.Released(W1, [new ReleasedTask(Given.Unique(1), false, TimeSpan.Zero, null)], 8);
        await _bench.Tick();
        Assert.Equal(0, (await queue.GetStatus()).Assigned);
        Assert.Equal([Given.Unique(1)], _pushed);
    }

    /// <summary>Two lives of a partition overlap while the directory is divided: this one learned of the task from its worker, and the worker told the other of its end.</summary>
    [Fact]
    public async Task Tick_ReleaseWentToAnEarlierLife_IsFoundOutAndPushedAgain()
    {
        _held.Add(Given.Unique(1));
        var queue = await Activate();
        await _bench.Tick();
        _held.Clear();
        _time.Advance(TimeSpan.FromSeconds(14));
        await _bench.Tick();
        Assert.Equal(1, _attached);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _bench.Tick();
        Assert.Empty(_givenBack); // its release may be on its way
        await _bench.Tick();
        Assert.Equal([(Given.Id(1).ToString(), W1)], _givenBack);
        Assert.Equal([Given.Unique(1)], _pushed);
    }

    [Fact]
    public async Task Tick_ReleaseIsOnItsWayWhileTheWorkerIsAsked_IsNotGivenBack()
    {
        _held.Add(Given.Unique(1));
        var queue = await Activate();
        await _bench.Tick();
        _held.Clear();
        _time.Advance(TimeSpan.FromSeconds(15));
        await _bench.Tick();
        await queue.Released(W1, [new ReleasedTask(Given.Unique(1), false, TimeSpan.Zero, null)], 8);
        await _bench.Tick();
        Assert.Empty(_givenBack);
        Assert.Equal(3, _attached);
        await _bench.Tick();
        Assert.Equal(3, _attached); // nothing is missed any more
    }

    /// <summary>Its attempt fails between two of the lists that are read, and its worker's word comes before it is known here.</summary>
    [Fact]
    public async Task Tick_ComesBackFromAWorkerWhileTheIndexIsRead_IsTakenInAllTheSame()
    {
        _records.Indexed[TaskState.Running] = [(Given.Unique(1), 0)];
        _records.Listed = state =>
        {
            if (state == TaskState.Queued)
                (_records.Indexed[TaskState.Queued], _records.Indexed[TaskState.Running]) = ([(Given.Unique(1), 1)], []);
        };
        _get = Given.Queued();
        await Activate();
        await _bench.Tick();
        await _bench.Tick();
        Assert.Equal([Given.Unique(1)], _pushed);
    }

    /// <summary>It has just come up, and would be idle until the next tick.</summary>
    [Fact]
    public async Task Released_ByAWorkerNotMetYet_BringsTheTickForwardOnce()
    {
        var queue = await Activate();
        await queue.Released(W1, [], 8);
        await queue.Released(W1, [], 8);
        Assert.Single(_bench.Brought);
        await _bench.Tick();
        await queue.Released(W1, [], 8);
        Assert.Single(_bench.Brought); // it is met

        await queue.Released(Given.Worker("w2"), [], 0);
        Assert.Single(_bench.Brought); // it takes nothing
        await queue.Released(Given.Worker("w2"), [], 8);
        Assert.Equal(2, _bench.Brought.Count);
    }

    [Fact]
    public async Task Released_ByAnEarlierLife_LeavesTheLinkToThePresentOne()
    {
        var queue = await Activate();
        await _bench.Tick();
        await queue.Released(Given.Worker(life: 0), [], 99);
        await queue.Enqueue([.. Enumerable.Range(1, 9).Select(i => new QueueEntry(Given.Unique(i), new QueueRank(i)))]);
        Assert.Equal(8, _pushed.Count);
    }

    [Fact]
    public async Task Tick_RunningTaskThatItsWorkerDoesNotHold_IsGivenBackAndPushedAgain()
    {
        _records.Indexed[TaskState.Running] = [(Given.Unique(1), 0)];
        await Activate();
        await _bench.Tick();
        Assert.Equal([(Given.Id(1).ToString(), W1)], _givenBack);
        Assert.Equal([Given.Unique(1)], _pushed);
    }

    /// <summary>Its worker does not hold it, and another runs it: pushed once more, it is refused and says who.</summary>
    [Fact]
    public async Task Attach_GivenBackTaskRunsElsewhere_IsPushedOnceMore()
    {
        _isBehind = true; // attached to with each tick
        _givesBack = _ => TaskState.Running;
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        await _bench.Tick(); // its release may be on its way
        await _bench.Tick();
        Assert.Equal([Given.Unique(1), Given.Unique(1)], _pushed);
    }

    /// <summary>Its grain answers from another silo, and knows of nothing: what it had is left to its journal.</summary>
    [Fact]
    public async Task Attach_ItsSiloDiesMeanwhile_NothingIsGivenBack()
    {
        _isBehind = true; // attached to with each tick; and its journal is awaited
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        _whileAttaching = () =>
        {
            _status = SiloStatus.Dead;
            return Task.CompletedTask;
        };
        await _bench.Tick();
        await _bench.Tick();
        Assert.Empty(_givenBack);
    }

    /// <summary>It turned out to run with a worker that is gone: found out at once, and not with the next sweep.</summary>
    [Fact]
    public async Task Tick_GivenBackTaskRunsElsewhere_IsAskedWhoseItIs()
    {
        var gone = Given.Worker("w0", life: 0);
        _records.Indexed[TaskState.Running] = [(Given.Unique(1), 0)];
        _givesBack = worker =>
        {
            _get = TaskRules.Begin(Given.Queued(), gone, Given.Now);
            return worker == gone ? TaskState.Queued : TaskState.Running;
        };
        await Activate();
        await _bench.Tick();
        Assert.Empty(_pushed);

        await _bench.Tick();
        Assert.Equal([W1, gone], _givenBack.Select(g => g.Worker));
        Assert.Equal([Given.Unique(1)], _pushed);
    }
}
