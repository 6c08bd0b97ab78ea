using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage;
using MorningAI.Workers;
using Orleans.Serialization;

namespace MorningAI.Tests.Unit.Tasks;

public sealed partial class TaskGrainTests : IDisposable
{
    private static readonly WorkerId W1 = Given.Worker("w1");
    private static readonly WorkerId W2 = Given.Worker("w2");
    private static readonly AttemptResult Success = new AttemptSucceeded("\"done\""u8.ToArray(), null);

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly FakeRecords _records = new();
    private readonly FakeTimeProvider _time = new(Given.Now);
    private readonly List<string> _told = [];
    private readonly DirectAttempts _direct;
    private Func<Task<WorkerId?>> _meet = () => Task.FromResult<WorkerId?>(null);
    private Task<byte[]?> _begun = Task.FromResult<byte[]?>(null); // what a worker has begun by itself
    private int _met;
    private bool _isOutage;

    public TaskGrainTests() => _direct = Given.Direct(_time, (type, key) => type == typeof(IQueuePartitionGrain) ? Neighbour<IQueuePartitionGrain>($"queue {key}") : Neighbour<IWorkerGrain>($"worker {key}"), isOutageCommon: () => _isOutage);

    private Serializer<TaskRecord> Serializer => _services.GetRequiredService<Serializer<TaskRecord>>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Start_Queued_BeginsAndWritesBehind()
    {
        Store(Given.Queued());
        var begun = Assert.IsType<AttemptBegun>(await Activate().Start(W1));
        Assert.Equal(new AttemptRef(1, W1), begun.Attempt);
        Assert.Equal(2, Assert.Single(_records.Behind).Version);
    }

    [Fact]
    public async Task Start_AskedTwiceByOneLife_IsTheSameAttempt()
    {
        Store(Given.Queued());
        var task = Activate();
        var first = (AttemptBegun)await task.Start(W1);
        var second = (AttemptBegun)await task.Start(W1);
        Assert.Equal(first.Attempt, second.Attempt);
    }

    [Fact]
    public async Task Start_RunningElsewhere_IsRefusedAndNamesTheHolder()
    {
        Store(Given.Queued());
        var task = Activate();
        await task.Start(W1);
        Assert.Equal(new AttemptRefused(TaskState.Running, W1), await task.Start(W2));
    }

    [Fact]
    public async Task Complete_CurrentAttempt_IsStoredBeforeItIsShown()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        _records.Down = new StoreUnavailableException("down");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => task.Complete(begun.Attempt, Success));
        Assert.Equal(TaskState.Running, (await task.Get())!.State);

        _records.Down = null;
        Assert.Equal(new CompleteOutcome(true, TaskState.Succeeded), await task.Complete(begun.Attempt, Success));
        Assert.Equal(TaskState.Succeeded, (await Activate().Get())!.State);
    }

    [Fact]
    public async Task Complete_FailedWriteHadLanded_IsAcceptedByTheNextActivation()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        await task.Complete(begun.Attempt, Success);
        Assert.Equal(new CompleteOutcome(true, TaskState.Succeeded), await Activate().Complete(begun.Attempt, Success));
    }

    [Fact]
    public async Task Complete_StartWasLostWithItsSilo_IsAccepted()
    {
        Store(Given.Queued());
        var begun = (AttemptBegun)await Activate().Start(W1); // written behind, and gone with that activation
        Assert.Equal(new CompleteOutcome(true, TaskState.Succeeded), await Activate().Complete(begun.Attempt, Success));
    }

    [Fact]
    public async Task Complete_CancelledMeanwhile_IsRefused()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        await task.Cancel("enough");
        Assert.Equal(new CompleteOutcome(false, TaskState.Cancelled), await task.Complete(begun.Attempt, Success));
    }

    [Fact]
    public async Task Complete_WorkerWasGivenUp_IsRefused()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        await task.GiveBack(W1, GiveBackReason.WorkerLost);
        Assert.Equal(new CompleteOutcome(false, TaskState.Queued), await task.Complete(begun.Attempt, Success));
    }

    [Fact]
    public async Task Complete_WrittenFromElsewhere_ThrowsAndLeaves()
    {
        Store(Given.Queued());
        var bench = NewBench();
        var task = Activate(bench);
        var begun = (AttemptBegun)await task.Start(W1);
        await Activate().Cancel(null);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => task.Complete(begun.Attempt, Success));
        Assert.Equal(1, bench.Left);
    }

    [Fact]
    public async Task Cancel_Running_TellsTheWorker()
    {
        Store(Given.Queued());
        var task = Activate();
        await task.Start(W1);
        var outcome = await task.Cancel("enough");
        Assert.True(outcome.Cancelled);
        Assert.Equal("Cancelled on request: enough", outcome.Task!.Error!.Message);
        Assert.Equal(["worker w1"], _told);
    }

    [Fact]
    public async Task Cancel_Queued_TellsTheQueue()
    {
        Store(Given.Queued());
        await Activate().Cancel(null);
        Assert.Equal(["queue default.0"], _told);
    }

    [Fact]
    public async Task Cancel_Ended_SaysSoAndChangesNothing()
    {
        Store(Given.Queued());
        var task = Activate();
        await task.Complete(((AttemptBegun)await task.Start(W1)).Attempt, Success);
        var outcome = await task.Cancel(null);
        Assert.False(outcome.Cancelled);
        Assert.Equal(TaskState.Succeeded, outcome.Task!.State);
    }

    [Fact]
    public async Task GiveBack_AnotherWorkers_ChangesNothing()
    {
        Store(Given.Queued());
        var task = Activate();
        await task.Start(W1);
        Assert.Equal(TaskState.Running, await task.GiveBack(W2, GiveBackReason.WorkerLost));
    }

    [Fact]
    public async Task GiveBack_ItsStartIsNotStoredYet_RefusesWhatTheStoppedSiloWritesLater()
    {
        Store(Given.Queued());
        var stopped = Activate();
        var begun = (AttemptBegun)await stopped.Start(W1);

        Assert.Equal(TaskState.Queued, await Activate().GiveBack(W1, GiveBackReason.WorkerLost));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => stopped.Complete(begun.Attempt, Success));
        Assert.Equal(TaskState.Queued, (await Activate().Get())!.State);
    }

    [Fact]
    public async Task GiveBack_ItsStartIsNotStoredYet_RefusesWhatTheStoppedSiloReportsLater()
    {
        Store(Given.Queued());
        var task = Activate();
        await task.GiveBack(W1, GiveBackReason.WorkerLost);

        Assert.Equal(new CompleteOutcome(false, TaskState.Queued), await task.Complete(new AttemptRef(1, W1), Success));
        Assert.Equal(2, ((AttemptBegun)await task.Start(W2)).Attempt.Number);
    }

    private static AttemptSaid Said(int first, params string[] lines) => new() { Lines = [.. lines.Select((text, i) => TrailRulesTests.Line(1, first + i, text))] };

    private static string Word(TaskHappening happening) => happening switch
    {
        StateReached state => state.Line.State.WireName(),
        LineLogged logged => logged.Line.Text,
        TextStreamed chunk => chunk.Text,
        TaskEnded => "end",
        _ => happening.GetType().Name,
    };

    private void Store(TaskRecord task, long version = 1) => _records.Put(new RecordWrite
    {
        Key = RecordKey.Of(Given.Id()),
        Version = version,
        Base = version - 1,
        Writer = 1,
        Body = Serializer.SerializeToArray(task),
        Index = task.Index,
    });

    private Bench NewBench() => new(Given.Id().ToString(), Stand.Grains((type, key) =>
        type == typeof(IWorkerGrain) ? Neighbour<IWorkerGrain>($"worker {key}")
        : type == typeof(IQueuePartitionGrain) ? Neighbour<IQueuePartitionGrain>($"queue {key}")
        : null));

    private T Neighbour<T>(string name)
        where T : class => Stand.In<T>((method, _) =>
    {
        switch (method.Name)
        {
            case nameof(IQueuePartitionGrain.Meet):
                _met++;
                return _meet();
            case nameof(IWorkerGrain.HandOver):
                return _begun;
            default:
                _told.Add(name);
                return Task.CompletedTask;
        }
    });

    private TaskGrain Activate(Bench? bench = null, Serializer<TaskRecord>? serializer = null) =>
        (bench ?? NewBench()).Build(() => new TaskGrain(_records, serializer ?? Serializer, new KeptTasks(new StoreHealth(_time, NullLogger<StoreHealth>.Instance)), _direct, new LimitBook(Options.Create(new LimitOptions())), _time, NullLogger<TaskGrain>.Instance));
}
