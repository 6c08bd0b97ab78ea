using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Storage;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Telemetry;
using MorningAI.Tests.Unit.Storage;
using MorningAI.Tests.Unit.Telemetry;
using MorningAI.Workers;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Queues;

public sealed partial class QueuePartitionGrainTests
{
    private static readonly WorkerId W1 = Given.Worker();

    private readonly FakeRecords _records = new();
    private readonly FakeTimeProvider _time = new(Given.Now);
    private List<Guid> _held = [];
    private readonly List<Guid> _pushed = [];
    private readonly List<(string Task, WorkerId Worker)> _givenBack = [];
    private readonly Bench _bench;
    private StoreHealth? _health;
    private readonly QueueControls _controls = new();
    private readonly List<Guid> _taken = [];
    private WorkerId _here = Given.Worker(life: 99);
    private bool _drains;
    private readonly List<bool> _direct = [];
    private bool _peersAreAwaited;
    private bool _isBehind;
    private bool _isAlone;
    private SiloStatus _status = SiloStatus.Active;
    private bool _isOld;
    private readonly List<bool> _areFresh = [];
    private readonly FreshTasks _fresh;
    private readonly PartitionsHere _partitionsHere = new();
    private TaskRecord _get = TaskRules.Begin(Given.Queued(), W1, Given.Now);
    private Func<WorkerId, TaskState> _givesBack = _ => TaskState.Queued;
    private int _introduced;
    private int _verified;
    private int _attached;
    private Func<Task>? _whileAttaching;

    public QueuePartitionGrainTests()
    {
        _fresh = new FreshTasks(_time);
        _bench = new Bench(Given.Partition.ToString(), Stand.Grains((type, key) =>
            type == typeof(IWorkerRegistryGrain) ? Stand.In<IWorkerRegistryGrain>((_, _) => Task.FromResult<IReadOnlyList<WorkerStatus>>([Healthy()]))
            : type == typeof(IWorkerGrain) ? Stand.In<IWorkerGrain>((method, arguments) => method.Name == nameof(IWorkerGrain.Attach) ? Attach() : method.Name == nameof(IWorkerGrain.Introduce) ? Introduce() : Push((DispatchBatch)arguments[1]!))
            : type == typeof(ITaskGrain) ? Stand.In<ITaskGrain>((method, arguments) => method.Name == nameof(ITaskGrain.Get) ? Get(key) : method.Name == nameof(ITaskGrain.KeyVerified) ? Verify() : GiveBack(key, (WorkerId)arguments[0]!))
            : null));
    }

    [Fact]
    public async Task Dispatch_Paused_PushesNothingUntilItIsResumed()
    {
        var queue = await Activate();
        await _bench.Tick();
        var paused = QueueRules.Decide(null, Given.Partition.Queue, QueueCommand.Pause, new QueueDecision(Given.Now, "ann", null));
        await queue.Control(paused);
        await queue.Enqueue([new QueueEntry(Given.Unique(1), new QueueRank(1))]);
        await _bench.Tick();
        Assert.Empty(_pushed);

        await queue.Control(QueueRules.Decide(paused, Given.Partition.Queue, QueueCommand.Resume, new QueueDecision(Given.Now, null, null)));
        Assert.Equal([Given.Unique(1)], _pushed);
    }

    [Fact]
    public async Task Activate_PausedBefore_PushesNothing()
    {
        _controls.Take(QueueRules.Decide(null, Given.Partition.Queue, QueueCommand.Pause, new QueueDecision(Given.Now, null, null)));
        _records.Indexed[TaskState.Queued] = [(Given.Unique(1), 1)];
        var queue = await Activate();
        await _bench.Tick();
        Assert.Empty(_pushed);
        Assert.Equal((Whereabouts.Ready, 0), ((await queue.Place(Given.Unique(1))).Whereabouts, (await queue.Place(Given.Unique(1))).Ahead));
    }

    [Fact]
    public async Task Released_HeldBack_WaitsForItsLimitAndTriesAgainBySelf()
    {
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), new QueueRank(1)), new QueueEntry(Given.Unique(2), new QueueRank(2))]);
        foreach (var task in new[] { 2, 1 })
            await queue.Released(W1, [new ReleasedTask(Given.Unique(task), true, TimeSpan.Zero, null) { HeldBackBy = "queue:default" }], 64);
        _pushed.Clear();
        await _bench.Tick();
        Assert.Empty(_pushed);
        Assert.Equal("queue:default", (await queue.Place(Given.Unique(1))).HeldBackBy);

        Assert.Equal(new LetGoAnswer(1, 1), await queue.LetGo("queue:default", 1));
        Assert.Equal([Given.Unique(1)], _pushed);

        _time.Advance(TimeSpan.FromSeconds(6)); // whoever was to tell it is gone
        await _bench.Tick();
        Assert.Equal([Given.Unique(1), Given.Unique(2)], _pushed);
    }

    [Fact]
    public async Task Remove_HeldBack_IsNeverPushed()
    {
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), new QueueRank(1))]);
        await queue.Released(W1, [new ReleasedTask(Given.Unique(1), true, TimeSpan.Zero, null) { HeldBackBy = "queue:default" }], 64);
        _pushed.Clear();
        await queue.Remove(Given.Unique(1));
        Assert.Equal(new LetGoAnswer(0, 0), await queue.LetGo("queue:default", 5));
        Assert.Equal(Whereabouts.Unknown, (await queue.Place(Given.Unique(1))).Whereabouts);
        Assert.Empty(_pushed);
    }

    [Fact]
    public async Task Enqueue_TheSameTwice_IsPushedOnce()
    {
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), new QueueRank(1))]);
        await queue.Enqueue([new QueueEntry(Given.Unique(1), new QueueRank(1))]);
        Assert.Equal([Given.Unique(1)], _pushed);
    }

    [Fact]
    public async Task Remove_Waiting_IsNeverPushed()
    {
        var queue = await Activate();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), new QueueRank(1))]);
        await queue.Remove(Given.Unique(1));
        await _bench.Tick();
        Assert.Empty(_pushed);
    }

    [Fact]
    public async Task Released_WithAPause_IsPushedAgainAfterIt()
    {
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), new QueueRank(1))]);
        await queue.Released(W1, [new ReleasedTask(Given.Unique(1), true, TimeSpan.FromSeconds(2), null)], 8);
        await _bench.Tick();
        Assert.Single(_pushed);
        _time.Advance(TimeSpan.FromSeconds(2));
        await _bench.Tick();
        Assert.Equal([Given.Unique(1), Given.Unique(1)], _pushed);
    }

    [Fact]
    public async Task Enqueue_ToThisSilosOwnWorker_GoesWithoutAMessageAndNotBeyondItsWindow()
    {
        _here = W1;
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([.. Enumerable.Range(1, 9).Select(i => new QueueEntry(Given.Unique(i), new QueueRank(i)))]);
        Assert.Empty(_pushed);
        Assert.Equal([.. Enumerable.Range(1, 8).Select(Given.Unique)], _taken);
    }

    /// <summary>An earlier life of the partition, or a sweep of this one, may have had it run before it was told of.</summary>
    [Fact]
    public async Task Enqueue_ItMayHaveBeenFoundInTheStore_IsNotTakenFromMemory()
    {
        _here = W1;
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        _time.Advance(2 * FreshTasks.Lifetime);
        await queue.Enqueue([new QueueEntry(Given.Unique(2), default)]);
        _time.Advance(new QueueOptions().Sweep);
        _records.Indexed[TaskState.Queued] = [(Given.Unique(3), 1)];
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(4), default)]);
        _time.Advance(2 * FreshTasks.Lifetime);
        await queue.Enqueue([new QueueEntry(Given.Unique(5), default)]);
        Assert.Equal([false, true, false, false, true], _areFresh);
    }

    [Fact]
    public async Task TryBegin_WorkerBesideIsFree_IsGivenToItOnce()
    {
        _here = W1;
        var queue = await Activate();
        await _bench.Tick();
        _time.Advance(2 * FreshTasks.Lifetime);
        Assert.True(_partitionsHere.TryGet(Given.Partition, out var here));
        Assert.Same(queue, here);

        Assert.True(await TryBegin(queue, 1));
        Assert.False(await here.TryBegin(new QueueEntry(Given.Unique(1), default))); // its record is gone from here
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        Assert.Equal([Given.Unique(1)], _taken);
        await queue.OnDeactivateAsync(default, TestContext.Current.CancellationToken);
        Assert.False(_partitionsHere.TryGet(Given.Partition, out _));
        Assert.False(await TryBegin(queue, 2)); // asked for before it left
    }

    /// <summary>An earlier life may have found it in the store; its turn may not have come; its grain may be awake; nobody here may be free for it.</summary>
    [Fact]
    public async Task TryBegin_NotSurelyTheFirstAndNext_IsLeftAlone()
    {
        _here = W1;
        var queue = await Activate();
        await _bench.Tick();
        Assert.False(await TryBegin(queue, 1)); // just up
        _time.Advance(2 * FreshTasks.Lifetime);
        await queue.Meet(Given.Unique(2));
        Assert.False(await TryBegin(queue, 2)); // somebody looks at it
        _drains = true;
        Assert.False(await TryBegin(queue, 3));
        Assert.Empty(_taken);
        await queue.Enqueue([new QueueEntry(Given.Unique(3), default)]);
        _drains = false;
        Assert.False(await TryBegin(queue, 4)); // another waits, and nobody has room
        Assert.Empty(_taken);
    }

    [Fact]
    public async Task TryBegin_WorkerIsElsewhere_IsLeftAlone()
    {
        var queue = await Activate();
        await _bench.Tick();
        _time.Advance(2 * FreshTasks.Lifetime);
        Assert.False(await TryBegin(queue, 1));
        Assert.Empty(_pushed);
    }

    /// <summary>What was not pushed at once may be run by anybody, and come back.</summary>
    [Fact]
    public async Task Enqueue_NobodyIsFree_IsNotInMemoryAfterThat()
    {
        var queue = await Activate();
        _fresh.Put(Given.Id(1), Given.Fresh(), _time.GetTimestamp());
        await queue.Enqueue([new QueueEntry(Given.Unique(1), default)]);
        Assert.Null(_fresh.Take(Given.Id(1)));
    }

    [Fact]
    public async Task Enqueue_ThisSilosOwnWorkerDrains_StaysQueued()
    {
        _here = W1;
        _drains = true;
        var queue = await Activate();
        await _bench.Tick();
        await queue.Enqueue([new QueueEntry(Given.Unique(1), new QueueRank(1))]);
        Assert.Equal(1, (await queue.GetStatus()).Ready);
    }

    private static WorkerStatus Healthy() => new(
        new WorkerReport
        {
            Worker = W1,
            StartedAt = Given.Now,
            At = Given.Now,
            Concurrency = 8,
            Running = 0,
            Waiting = 0,
            Abandoned = 0,
            Draining = false,
            Kinds = [],
            Finished = 0,
        },
        WorkerHealth.Healthy,
        Given.Now,
        null);

    private async Task<QueuePartitionGrain> Activate()
    {
        var members = ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(W1.Host, new ClusterMember(W1.Host, SiloStatus.Active, "w1"));
        var snapshot = new ClusterMembershipSnapshot(members, new MembershipVersion(1));
        var membership = Stand.In<IClusterMembershipService>((_, _) => snapshot);
        var cluster = Given.Cluster(() => _isAlone, () => _status);
        var health = _health = new StoreHealth(_time, NullLogger<StoreHealth>.Instance);
        var options = Options.Create(new QueueOptions());
        var absent = new AbsentJournals(membership, Stand.In<ILocalSiloDetails>((_, _) => Given.Worker().Host), health, Stand.In<IPeersInStep>((_, _) => _peersAreAwaited), Options.Create(new DurableStorageOptions()), _time, NullLogger<AbsentJournals>.Instance);
        var queue = _bench.Build(() => new QueuePartitionGrain(_records, health, cluster, absent, Stand.In<ILocalWorker>((method, arguments) => method.Name == "get_Worker" ? _here : Accept((DispatchBatch)arguments[1]!, (bool)arguments[2]!)), _controls, _fresh, _partitionsHere, new TaskPurge(_records, Options.Create(new RetentionOptions()), new TaskMetrics(new Meters(), _time), _time, NullLogger<TaskPurge>.Instance), options, _time, NullLogger<QueuePartitionGrain>.Instance));
        await queue.OnActivateAsync(TestContext.Current.CancellationToken);
        return queue;
    }

    private Task<bool> TryBegin(IPartitionHere queue, int number)
    {
        _fresh.Put(Given.Id(number), Given.Fresh(), _time.GetTimestamp());
        return queue.TryBegin(new QueueEntry(Given.Unique(number), default));
    }

    private async Task<WorkerAttachment> Attach()
    {
        _attached++;
        var answer = new WorkerAttachment(W1, 8, [.. _held.Select(h => new QueueEntry(h, default))]) { IsBehind = _isBehind };
        await (_whileAttaching?.Invoke() ?? Task.CompletedTask);
        return answer;
    }

    /// <summary>Its silo hangs.</summary>
    private Task Verify()
    {
        _verified++;
        return new TaskCompletionSource().Task;
    }

    private Task<WorkerId> Introduce()
    {
        _introduced++;
        return _isOld ? throw new OrleansException("It does not know that call.") : Task.FromResult(W1);
    }

    private Task<DispatchReply> Push(DispatchBatch batch)
    {
        _pushed.AddRange(batch.Tasks.Select(t => t.Task));
        _direct.AddRange(batch.Tasks.Select(t => t.IsDirect));
        return Task.FromResult(new DispatchReply(true, W1, 8));
    }

    private DispatchReply Accept(DispatchBatch batch, bool areFresh)
    {
        _areFresh.Add(areFresh);
        if (_drains)
            return new DispatchReply(false, W1, 0);
        _taken.AddRange(batch.Tasks.Select(t => t.Task));
        return new DispatchReply(true, W1, 8);
    }

    private Task<TaskSnapshot?> Get(string key) => Task.FromResult<TaskSnapshot?>(_get.ToSnapshot(TaskId.Parse(key), 1, null));

    private Task<TaskState?> GiveBack(string key, WorkerId worker)
    {
        _givenBack.Add((key, worker));
        return Task.FromResult<TaskState?>(_givesBack(worker));
    }
}
