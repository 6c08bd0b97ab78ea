using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster;
using MorningAI.Handlers;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Telemetry;
using MorningAI.Tests.Unit.Storage;
using MorningAI.Tests.Unit.Storage.Model;
using MorningAI.Workers;
using Orleans.Runtime;
using Orleans.Serialization;

namespace MorningAI.Tests.Unit.Workers;

public sealed partial class AttemptRunnerTests : IDisposable
{
    private const int Concurrency = 4;

    private readonly FakeTimeProvider _time = new(Given.Now);
    private readonly SemaphoreSlim _slots = new(0);
    private readonly ConcurrentQueue<ReleasedTask> _released = new();
    private readonly ConcurrentQueue<int> _windows = new();
    private readonly ConcurrentQueue<AttemptResult> _completed = new();
    private readonly ServiceProvider _services;
    private readonly AttemptRunner _runner;
    private readonly FakeTimeProvider _clock = new(); // the guard's
    private readonly TaskCompletionSource _table = new();
    private readonly FakeRecords _records = new();
    private readonly StoreHealth _health;
    private readonly FreshTasks _fresh;

    private Serializer<TaskRecord> Serializer => _services.GetRequiredService<Serializer<TaskRecord>>();

    private readonly PauseGuard _pauses;
    private readonly TaskMetrics _metrics;

    private Func<WorkerId, StartOutcome> _start = worker => Given.Begun() with { Attempt = new AttemptRef(1, worker) };
    private Func<AttemptResult, CompleteOutcome> _complete = _ => new CompleteOutcome(true, TaskState.Succeeded);
    private Exception? _releasedFailure;
    private bool _isSuperseded;
    private bool _isAlone;
    private bool _isOutageCommon;
    private int _starts;
    private int _completions;
    private bool _fails;
    private int _ran;
    private int _running;
    private int _most;

    public AttemptRunnerTests()
    {
        _services = ScriptedHandler.Services(async (_, context) =>
        {
            var running = Interlocked.Increment(ref _running);
            InterlockedMax(ref _most, running);
            Interlocked.Increment(ref _ran);
            try
            {
                await _slots.WaitAsync(context.CancellationToken);
                if (_fails)
                    throw new TaskFailedException("x", "It was told to fail.");
                return await context.Step("step", _ => Task.FromResult("done"));
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        });
        var options = Options.Create(new WorkerOptions { Concurrency = Concurrency });
        var handlers = _services.GetRequiredService<HandlerRegistry>();
        var executor = new AttemptExecutor(handlers, _services.GetRequiredService<IServiceScopeFactory>(), options, _time, NullLoggerFactory.Instance);
        var grains = Stand.Grains((type, _) => type == typeof(ITaskGrain) ? FakeTask() : type == typeof(IQueuePartitionGrain) ? FakePartition() : null);
        var silo = Stand.In<ILocalSiloDetails>((method, _) => method.Name == "get_Name" ? "w1" : Given.Worker().Host);
        _health = new StoreHealth(_clock, NullLogger<StoreHealth>.Instance);
        _pauses = new PauseGuard(Stand.In<IClusterMembershipService>((_, _) => new ValueTask(_table.Task)), _health, _clock, NullLogger<PauseGuard>.Instance);
        _metrics = new TaskMetrics(ModelSilo.Meters, _time);
        _fresh = new FreshTasks(_time);
        _runner = new AttemptRunner(silo, grains, executor, _pauses, _records, _services.GetRequiredService<Serializer<TaskRecord>>(), _health, new LimitBook(Options.Create(new LimitOptions())), Given.Direct(_time, (_, _) => null, () => _isAlone, () => _isOutageCommon), _fresh, _metrics, handlers, options, _time, NullLogger<AttemptRunner>.Instance);
    }

    public void Dispose()
    {
        _pauses.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Accept_MoreThanSlots_RunsAsManyAsThereAreAndTheRestAsTheyFree()
    {
        Accept(1, 10);
        await Until.True(() => _runner.Report() is { Running: Concurrency, Waiting: 6 } && _running == Concurrency, "the slots are full");
        for (var done = 1; done <= 10; done++)
        {
            _slots.Release();
            await Until.True(() => _released.Count == done && _running == Math.Min(Concurrency, 10 - done), "the next one runs");
        }

        Assert.Equal(Concurrency, _most);
        Assert.Equal(10, _ran);
        Assert.Equal(10, _runner.Report().Finished);
    }

    [Fact]
    public async Task Run_SiloStandsStillWhileItIsBegun_WaitsUntilTheSiloIsKnownToLive()
    {
        _start = worker =>
        {
            _clock.Advance(PauseGuard.Longest);
            return Given.Begun() with { Attempt = new AttemptRef(1, worker) };
        };
        Accept(1, 1);
        await Until.True(() => !_pauses.WhenSound().IsCompleted, "it is noticed");
        Assert.Equal(0, _ran);

        _table.SetResult();
        await Until.True(() => _ran == 1, "it goes on");
        _slots.Release();
    }

    [Fact]
    public async Task Accept_TheSameTwice_RunsItOnce()
    {
        Accept(1, 1);
        Accept(1, 1);
        Assert.Equal([Given.Unique(1)], _runner.Attach(Given.Partition).Held.Select(h => h.Task));
        _slots.Release(2);
        await Until.True(() => _released.Count == 1 && _runner.Report().Running == 0, "it is released");
        Assert.Equal(1, _ran);
    }

    [Fact]
    public async Task Run_StepOfAnAttemptThatIsNotCurrent_IsNoFailureOfTheTask()
    {
        _isSuperseded = true;
        Accept(1, 1);
        _slots.Release();
        await Until.True(() => _released.Count == 1, "it is released");
        Assert.True(_released.Single().Requeue, "whose it is, the task says when it is asked again");
        Assert.Equal(0, _completions);
    }

    [Fact]
    public async Task Run_Succeeded_IsReleasedForGood()
    {
        Accept(1, 1);
        _slots.Release();
        Assert.Equal(new ReleasedTask(Given.Unique(1), false, TimeSpan.Zero, null), await NextReleased());
        Assert.IsType<AttemptSucceeded>(Assert.Single(_completed));
    }

    [Fact]
    public async Task Run_QueuedAgain_IsReleasedToBePushedAtOnce()
    {
        _complete = _ => new CompleteOutcome(true, TaskState.Queued);
        Accept(1, 1);
        _slots.Release();
        Assert.Equal(new ReleasedTask(Given.Unique(1), true, TimeSpan.Zero, null), await NextReleased());
    }

    [Fact]
    public async Task Run_HeldByAnother_IsReleasedWithItsName()
    {
        _start = _ => new AttemptRefused(TaskState.Running, Given.Worker("w2"));
        Accept(1, 1);
        var released = await NextReleased();
        Assert.Equal((false, Given.Worker("w2")), (released.Requeue, released.HeldBy));
        Assert.Equal(0, _ran);
    }

    [Fact]
    public async Task Run_RecordCannotBeRead_IsReleasedWithAPause()
    {
        _start = _ => throw new StoreUnavailableException("down");
        Accept(1, 1);
        var released = await NextReleased();
        Assert.True(released.Requeue);
        Assert.True(released.Pause > TimeSpan.Zero);
    }

    [Fact]
    public async Task Settle_NotStoredAtFirst_RepeatsWithoutRunningAgain()
    {
        Exception[] failures = [new StoreUnavailableException("down"), new TimeoutException("late"), new SiloUnavailableException("gone"), new InvalidDataException("damaged")];
        _complete = _ => _completions <= failures.Length ? throw failures[_completions - 1] : new CompleteOutcome(true, TaskState.Succeeded);
        Accept(1, 1);
        _slots.Release(2);
        await Until.Passes(_time, TimeSpan.FromMilliseconds(100), () => !_released.IsEmpty, "it is stored");
        Assert.Equal(failures.Length + 1, _completions);
        Assert.Equal(1, _ran);
        Assert.Equal(new ReleasedTask(Given.Unique(1), false, TimeSpan.Zero, null), Assert.Single(_released));
    }

    [Fact]
    public async Task Run_EndsCannotBeWritten_OthersRunMeanwhileButNotForEver()
    {
        _complete = _ => throw new StoreUnavailableException("down");
        Accept(1, 24);
        _slots.Release(24);
        await Until.True(() => _completions == 5 * Concurrency, "four for each slot wait to be written, and as many as have slots keep theirs");
        Assert.Equal(5 * Concurrency, _ran);
        Assert.Equal((Concurrency, 4), (_runner.Report().Running, _runner.Report().Waiting));
        Assert.Equal(5 * Concurrency, _runner.Attach(Given.Partition).Window);

        _complete = _ => new CompleteOutcome(true, TaskState.Succeeded);
        await Until.Passes(_time, TimeSpan.FromMilliseconds(100), () => _released.Count == 24, "all are written");
        Assert.Equal(24, _ran);
        Assert.InRange(_most, 1, Concurrency);
        Assert.Equal((0, Concurrency), (_runner.Report().Running, _runner.Attach(Given.Partition).Window));
    }

    [Fact]
    public async Task ReturnWaiting_WithoutASlotForLong_IsGivenBackForOthers()
    {
        Accept(1, 6);
        await Until.True(() => _running == Concurrency, "the slots are full");
        _runner.ReturnWaiting();
        Accept(7, 1);
        Assert.Empty(_released);

        _runner.ReturnWaiting();
        await Until.True(() => _released.Count == 2, "those that waited all the time are given back");
        Assert.Equal([Given.Unique(5), Given.Unique(6)], _released.Select(r => r.Task));
        Assert.All(_released, r => Assert.True(r.Requeue));
        Assert.Equal(1, _runner.Report().Waiting);
        _slots.Release(5);
        await Until.True(() => _released.Count == 7, "the others run");
    }

    [Fact]
    public async Task Released_PartitionDoesNotAnswer_IsToldAgain()
    {
        _releasedFailure = new TimeoutException("late");
        Accept(1, 1);
        _slots.Release();
        await Until.Passes(_time, TimeSpan.FromMilliseconds(250), () => !_released.IsEmpty, "it is told again");
        Assert.Equal(Given.Unique(1), Assert.Single(_released).Task);
    }

    [Fact]
    public async Task Cancel_Running_CancelsItsToken()
    {
        Accept(1, 1);
        await Until.True(() => _running == 1, "it runs");
        _runner.Cancel(Given.Id(1));
        await NextReleased();
        Assert.Equal(TaskError.Cancelled, Assert.IsType<AttemptFailed>(Assert.Single(_completed)).Error.Code);
    }

    [Fact]
    public async Task BeginDrain_SomeWait_HandsThemBackAndTakesNoMore()
    {
        Accept(1, 6);
        await Until.True(() => _running == Concurrency, "the slots are full");
        _runner.BeginDrain();
        await Until.True(() => _released.Count == 2, "the waiting ones are handed back");
        Assert.Equal([Given.Unique(5), Given.Unique(6)], _released.Select(r => r.Task));
        Assert.All(_released, r => Assert.Equal((true, TimeSpan.Zero), (r.Requeue, r.Pause)));
        Assert.Equal(new DispatchReply(false, _runner.Worker, 0), _runner.Accept(Given.Partition, new DispatchBatch([new QueueEntry(Given.Unique(7), default)], 0)));
        Assert.Equal(0, _runner.Attach(Given.Partition).Window);
        Assert.Equal(0, _windows.Last());
        _slots.Release(Concurrency);
        await Until.True(() => _released.Count == 6, "the running ones finish");
        Assert.Equal(Concurrency, _ran);
    }

    [Fact]
    public async Task Drain_RunningOnesFinishInTime_WaitsForThem()
    {
        Accept(1, 2);
        await Until.True(() => _running == 2, "they run");
        var drain = _runner.Drain(CancellationToken.None);
        Assert.False(drain.IsCompleted);
        _slots.Release(2);
        await drain.InTime();
        Assert.All(_completed, r => Assert.IsType<AttemptSucceeded>(r));
        Assert.Equal(2, _released.Count); // told before the drain is over
    }

    [Fact]
    public async Task Drain_GraceIsOver_StopsThemAndHandsThemBack()
    {
        _complete = result => new CompleteOutcome(true, result is AttemptHandedBack ? TaskState.Queued : TaskState.Failed);
        Accept(1, 2);
        await Until.True(() => _running == 2, "they run");
        var drain = _runner.Drain(CancellationToken.None);
        _time.Advance(new WorkerOptions().DrainGrace - TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, _running);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await drain.InTime();
        Assert.All(_completed, r => Assert.IsType<AttemptHandedBack>(r));
        Assert.Equal([true, true], _released.Select(r => r.Requeue));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    private void Accept(int first, int count)
    {
        var tasks = Enumerable.Range(first, count).Select(i => new QueueEntry(Given.Unique(i), default)).ToArray();
        Assert.True(_runner.Accept(Given.Partition, new DispatchBatch(tasks, 0)).Taken);
    }

    private void AcceptWhileStored(TaskRecord task, Task stored) => Assert.True(_runner.Accept(Given.Partition, new DispatchBatch([new QueueEntry(Given.Unique(1), default) { IsDirect = true }], 0), storing: new FreshTask(task, stored)).Taken);

    private void AcceptDirectly(bool areFresh = false) => Assert.True(_runner.Accept(Given.Partition, new DispatchBatch([new QueueEntry(Given.Unique(1), default) { IsDirect = true }], 0), areFresh).Taken);

    private void Store(TaskRecord task, long version = 1) => _records.Put(new RecordWrite
    {
        Key = RecordKey.Of(Given.Id()),
        Version = version,
        Base = version - 1,
        Writer = 1,
        Body = Serializer.SerializeToArray(task),
        Index = task.Index,
    });

    private async Task<ReleasedTask> NextReleased()
    {
        await Until.True(() => !_released.IsEmpty, "it is released");
        return Assert.Single(_released);
    }

    private ITaskGrain FakeTask() => Stand.In<ITaskGrain>((method, arguments) =>
    {
        switch (method.Name)
        {
            case nameof(ITaskGrain.Start):
                Interlocked.Increment(ref _starts);
                return Task.FromResult(_start((WorkerId)arguments[0]!));
            case nameof(ITaskGrain.Complete):
                Interlocked.Increment(ref _completions);
                var outcome = _complete((AttemptResult)arguments[1]!);
                _completed.Enqueue((AttemptResult)arguments[1]!);
                return Task.FromResult(outcome);
            case nameof(ITaskGrain.KeepStep):
                return Task.FromResult(new CompleteOutcome(Accepted: !_isSuperseded, TaskState.Running));
            default:
                return Task.CompletedTask;
        }
    });

    private IQueuePartitionGrain FakePartition() => Stand.In<IQueuePartitionGrain>((_, arguments) =>
    {
        if (Interlocked.Exchange(ref _releasedFailure, null) is { } failure)
            throw failure;
        _windows.Enqueue((int)arguments[2]!);
        foreach (var task in (ReleasedTask[])arguments[1]!)
            _released.Enqueue(task);
        return Task.CompletedTask;
    });
}
