using Microsoft.Extensions.DependencyInjection;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage;
using MorningAI.Workers;
using Orleans.Serialization;

namespace MorningAI.Tests.Unit.Tasks;

/// <summary>What counts when a grain wakes: the store, its queue, its worker.</summary>
public sealed partial class TaskGrainTests
{
    [Fact]
    public async Task Get_NoRecord_IsNullUntilThereIsOne()
    {
        var task = Activate();
        Assert.Null(await task.Get());
        Store(Given.Queued());
        Assert.Equal(TaskState.Queued, (await task.Get())!.State);
    }

    /// <summary>Its services are gone, and it still reads: what it cannot read then is no damaged record.</summary>
    [Fact]
    public async Task Get_TheSiloHasEnded_SetsNothingAside()
    {
        Store(Given.Queued());
        var ended = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = ended.GetRequiredService<Serializer<TaskRecord>>();
        await ended.DisposeAsync();

        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => Activate(serializer: serializer).Get());
        Assert.Empty(_records.Quarantined);
    }

    [Fact]
    public async Task Get_StoreWasDownAtFirst_ReadsAgain()
    {
        Store(Given.Queued());
        _records.Down = new StoreUnavailableException("down");
        var task = Activate();
        await Assert.ThrowsAsync<StoreUnavailableException>(task.Get);
        _records.Down = null;
        Assert.Equal(TaskState.Queued, (await task.Get())!.State);
    }

    [Fact]
    public async Task Get_ReadFromAJournalInAnOutage_AsksAgainUntilTheStoreAnswers()
    {
        Store(Given.Queued());
        _records.MayBeOld = true;
        var task = Activate();
        Assert.Equal(TaskState.Queued, (await task.Get())!.State);

        // What another silo had written is there again.
        Store(Given.Queued() with { State = TaskState.Succeeded, FinishedAt = Given.Now }, version: 2);
        _records.MayBeOld = false;
        Assert.Equal(TaskState.Succeeded, (await task.Get())!.State);
        var reads = _records.Reads;
        await task.Get();
        Assert.Equal(reads, _records.Reads);
    }

    /// <summary>Cut off, one silo took it in as blocked; the other had it in the store as queued.</summary>
    [Fact]
    public async Task Start_TheStoreHasAnothersFirstVersion_GoesByThatOne()
    {
        Store(TaskRules.Create(Given.Submission(), Given.Now, TaskRules.UnverifiedKey));
        _records.MayBeOld = true;
        var task = Activate();
        Assert.Equal(TaskState.Blocked, (await task.Get())!.State);

        var queued = Given.Queued();
        _records.Forget(RecordKey.Of(Given.Id()));
        _records.Put(new RecordWrite { Key = RecordKey.Of(Given.Id()), Version = 1, Base = 0, Writer = 2, Body = Serializer.SerializeToArray(queued), Index = queued.Index });

        Assert.IsType<AttemptBegun>(await task.Start(W1));
    }

    /// <summary>Who looks at a task makes its queue send it by way of its grain.</summary>
    [Fact]
    public async Task Get_AWaitingTask_MeetsItsQueueOnceForAWhile()
    {
        Store(Given.Queued());
        var task = Activate();
        await task.Get();
        await task.Get();
        Assert.Equal(1, _met);

        _time.Advance(DirectAttempts.Trust);
        await task.Get();
        Assert.Equal(2, _met);
        _direct.Renew(Given.Partition); // another life of the queue has never heard of it
        await task.Get();
        Assert.Equal(3, _met);
    }

    [Fact]
    public async Task Get_ATaskThatHasEnded_MeetsNobody()
    {
        Store(Given.Queued() with { State = TaskState.Succeeded, FinishedAt = Given.Now }, version: 2);
        Assert.Equal(TaskState.Succeeded, (await Activate().Get())!.State);
        Assert.Equal(0, _met);
    }

    [Fact]
    public async Task Get_TheQueueDoesNotAnswer_IsWhatIsStoredAndItIsAskedAgain()
    {
        Store(Given.Queued());
        _meet = () => throw new TimeoutException();
        var task = Activate();
        Assert.Equal(TaskState.Queued, (await task.Get())!.State);
        Store(Given.Queued() with { State = TaskState.Succeeded, FinishedAt = Given.Now }, version: 2);
        Assert.Equal(TaskState.Succeeded, (await task.Get())!.State);
    }

    /// <summary>A grain before this one has taken over from the worker, kept a step, and gone with its silo.</summary>
    [Fact]
    public async Task KeepStep_TheStoreHasMoreThanTheWorker_StaysWithTheStore()
    {
        var attempt = new AttemptRef(1, Given.Worker());
        var running = TaskRules.Begin(Given.Queued(), attempt.Worker, Given.Now);
        Store(TaskRules.KeepStep(running, new StepResult("first", [1])), version: 3);
        _meet = () => Task.FromResult<WorkerId?>(attempt.Worker);
        _begun = Task.FromResult<byte[]?>(new RecordHeader(2, TaskState.Running, 7).Prepend(Serializer.SerializeToArray(running)));

        await Activate().KeepStep(attempt, new StepResult("second", [2]));
        Assert.Equal(["first", "second"], Serializer.Deserialize(_records.Writes[^1].Body!)!.Steps.Select(s => s.Name));
    }

    [Fact]
    public async Task Get_ItsWorkerHasEndedItMeanwhile_IsReadAgain()
    {
        Store(Given.Queued());
        _meet = () =>
        {
            Store(Given.Queued() with { State = TaskState.Succeeded, FinishedAt = Given.Now }, version: 3);
            return Task.FromResult<WorkerId?>(W1);
        };
        Assert.Equal(TaskState.Succeeded, (await Activate().Get())!.State);
    }

    /// <summary>It wrote, and was not asked for so long that its queue forgot it: a worker went on by itself.</summary>
    [Fact]
    public async Task Get_MovedOnWithoutItAfterItWrote_IsWhatIsStored()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        await task.Complete(begun.Attempt, new AttemptFailed(new TaskError("x", "again")) { Policy = RetryPolicy.After(TimeSpan.FromSeconds(1)) });
        Store(Given.Queued() with { State = TaskState.Succeeded, FinishedAt = Given.Now }, version: 5);
        _time.Advance(DirectAttempts.RememberedFor);

        Assert.Equal(TaskState.Succeeded, (await task.Get())!.State);
    }

    /// <summary>In an outage in which a silo has died nobody can say what is stored, and the queue may have died with it.</summary>
    [Fact]
    public async Task Complete_NobodyCanBeAsked_GoesOnAsLongAsItsQueueRememberedIt()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        _time.Advance(DirectAttempts.Trust);
        _meet = () => throw new TimeoutException();
        var reads = _records.Reads;

        Assert.True((await task.Complete(begun.Attempt, Success)).Accepted);
        Assert.Equal(reads, _records.Reads);
    }

    [Fact]
    public async Task Cancel_AWorkerHasBegunItByItself_TakesItOverAndTellsTheWorker()
    {
        Store(Given.Queued());
        var running = TaskRules.Begin(Given.Queued(), W1, Given.Now);
        _begun = Task.FromResult<byte[]?>(new RecordHeader(2, running.State, 77).Prepend(Serializer.SerializeToArray(running)));
        _meet = () => Task.FromResult<WorkerId?>(W1);
        var task = Activate();

        var outcome = await task.Cancel("enough");

        Assert.True(outcome.Cancelled);
        Assert.Equal(["worker w1"], _told);
        Assert.Equal((3, 2, TaskState.Cancelled), (_records.Writes[^1].Version, _records.Writes[^1].Base, _records.Writes[^1].Index!.Value.State));
        Assert.False((await task.Complete(running.Current!.Value, Success)).Accepted);
    }

    /// <summary>The queue's silo died in it. Nothing in the store would decide between this cancel and the worker's end.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_TheQueueCannotBeAsked_EveryWorkerIsInAnOutage(bool isOutage)
    {
        Store(Given.Queued());
        var running = TaskRules.Begin(Given.Queued(), W1, Given.Now);
        _begun = Task.FromResult<byte[]?>(new RecordHeader(2, running.State, 77).Prepend(Serializer.SerializeToArray(running)));
        (_meet, _isOutage) = (() => throw new TimeoutException(), isOutage);

        Assert.True((await Activate().Cancel(null)).Cancelled);
        Assert.Equal(isOutage ? ["worker w1"] : [$"queue {Given.Partition}"], _told);
        Assert.Equal(isOutage ? 3 : 2, _records.Writes[^1].Version);
    }

    [Fact]
    public async Task Complete_AWorkerHasBegunItByItself_IsAccepted()
    {
        Store(Given.Queued());
        var running = TaskRules.Begin(Given.Queued(), W1, Given.Now);
        _begun = Task.FromResult<byte[]?>(new RecordHeader(2, running.State, 77).Prepend(Serializer.SerializeToArray(running)));
        _meet = () => Task.FromResult<WorkerId?>(W1);
        var task = Activate();
        Assert.Equal(TaskState.Running, (await task.Get())!.State);

        Assert.True((await task.Complete(running.Current!.Value, Success)).Accepted);
        Assert.Equal(TaskState.Succeeded, (await task.Get())!.State);
    }

    /// <summary>Its silo was cut off with an end that its journal alone has. What is stored is not the truth before the worker has spoken or is gone.</summary>
    [Fact]
    public async Task Get_ItsWorkerDoesNotHandOver_IsUnavailableUntilItDoes()
    {
        Store(Given.Queued());
        _meet = () => Task.FromResult<WorkerId?>(W1);
        _begun = Task.FromException<byte[]?>(new TimeoutException());
        var task = Activate();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => task.Get());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => task.Get());

        var ended = Given.Queued() with { State = TaskState.Succeeded, FinishedAt = Given.Now };
        _begun = Task.FromResult<byte[]?>(new RecordHeader(3, ended.State, 77).Prepend(Serializer.SerializeToArray(ended)));

        Assert.Equal(TaskState.Succeeded, (await task.Get())!.State);
    }

    /// <summary>The queue is met, and what the worker has is on its way: whoever comes then waits for that, too.</summary>
    [Fact]
    public async Task Say_WhileAnotherCallTakesTheAttemptOver_IsKept()
    {
        Store(Given.Queued());
        var running = TaskRules.Begin(Given.Queued(), W1, Given.Now);
        _meet = () => Task.FromResult<WorkerId?>(W1);
        var arrives = new TaskCompletionSource<byte[]?>();
        _begun = arrives.Task;
        var task = Activate();

        var get = task.Get();
        var say = task.Say(running.Current!.Value, Said(1, "line"));
        arrives.SetResult(new RecordHeader(2, running.State, 77).Prepend(Serializer.SerializeToArray(running)));

        Assert.Equal(TaskState.Running, (await get.InTime())!.State);
        Assert.True(await say.InTime());
        Assert.Single((await task.Get())!.Trail!.Lines);
    }
}
