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

public sealed class TaskGrainTests : IDisposable
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
    public async Task Get_NoRecord_IsNullUntilThereIsOne()
    {
        var task = Activate();
        Assert.Null(await task.Get());
        Store(Given.Queued());
        Assert.Equal(TaskState.Queued, (await task.Get())!.State);
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

    [Fact]
    public async Task Report_CurrentAttempt_WakesTheWatcher()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        var seen = await task.Get();
        var watch = task.Watch(seen!.Revision, TimeSpan.FromSeconds(10));
        Assert.False(watch.IsCompleted);
        await task.Report(new AttemptRef(1, W2), new TaskProgress(0.1, null));
        Assert.False(watch.IsCompleted);
        await task.Report(begun.Attempt, new TaskProgress(0.5, "half"));
        Assert.Equal(new TaskProgress(0.5, "half"), (await watch.InTime())!.Progress);
    }

    [Fact]
    public async Task Watch_NothingChanges_AnswersAfterItsTime()
    {
        Store(Given.Queued());
        var task = Activate();
        var watch = task.Watch((await task.Get())!.Revision, TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(watch.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TaskState.Queued, (await watch.InTime())!.State);
    }

    [Fact]
    public async Task Watch_LoadedAnewWithALowerRevision_AnswersAtOnce()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        await task.Report(begun.Attempt, new TaskProgress(0.5, null));
        var seen = (await task.Get())!.Revision;
        Assert.Equal(TaskState.Queued, (await Activate().Watch(seen, TimeSpan.FromSeconds(10)).InTime())!.State);
    }

    [Fact]
    public async Task Watch_InfiniteTimeAsked_AnswersAllTheSame()
    {
        Store(Given.Queued());
        var task = Activate();
        var watch = task.Watch((await task.Get())!.Revision, Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.NotNull(await watch.InTime());
    }

    [Fact]
    public async Task Watch_Ended_AnswersAtOnce()
    {
        Store(Given.Queued());
        var task = Activate();
        var cancelled = await task.Cancel(null);
        Assert.Equal(TaskState.Cancelled, (await task.Watch(cancelled.Task!.Revision, TimeSpan.FromSeconds(10)).InTime())!.State);
    }

    [Fact]
    public async Task Say_Lines_CostNoWriteAndComeWithTheNext()
    {
        Store(Given.Queued());
        var bench = NewBench();
        var task = Activate(bench);
        var begun = (AttemptBegun)await task.Start(W1);
        var (writes, behind) = (_records.Writes.Count, _records.Behind.Count);
        for (var i = 1; i <= 50; i++)
            Assert.True(await task.Say(begun.Attempt, Said(i, "line")));
        Assert.Equal((writes, behind), (_records.Writes.Count, _records.Behind.Count));
        Assert.Equal(50, (await task.Get())!.Trail!.Lines.Length);

        await task.Complete(begun.Attempt, Success);
        Assert.Equal(writes + 1, _records.Writes.Count);
        Assert.Equal(50, (await Activate().Get())!.Trail!.Lines.Length);
    }

    [Fact]
    public async Task Say_LinesAndNoWriteFollows_AreWrittenBehindOnce()
    {
        Store(Given.Queued());
        var bench = NewBench();
        var task = Activate(bench);
        var begun = (AttemptBegun)await task.Start(W1);
        await task.Say(begun.Attempt, Said(1, "line"));
        await bench.Tick();
        await bench.Tick();
        Assert.Equal(2, _records.Behind.Count);
        Assert.Single(Serializer.Deserialize(_records.Behind[1].Body!)!.Trail!.Lines);
        Assert.True((await task.Complete(begun.Attempt, Success)).Accepted);
    }

    [Fact]
    public async Task Say_StaleAttempt_IsToldThatNobodyListens()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        Assert.False(await task.Say(begun.Attempt with { Worker = W2 }, Said(1, "zombie")));
        Assert.Null((await task.Get())!.Trail);
    }

    [Fact]
    public async Task Complete_NothingSaid_HasNoTrailAndLeavesAtOnce()
    {
        Store(Given.Queued());
        var bench = NewBench();
        var task = Activate(bench);
        await task.Complete(((AttemptBegun)await task.Start(W1)).Attempt, Success);
        Assert.Null((await task.Get())!.Trail);
        Assert.Equal(1, bench.Left);
    }

    [Fact]
    public async Task Complete_CarriesWhatWasNotConfirmed_KeepsTheLinesAndTellsTheTextBeforeTheEnd()
    {
        Store(Given.Queued());
        var bench = NewBench();
        var task = Activate(bench);
        var begun = (AttemptBegun)await task.Start(W1);
        await task.Say(begun.Attempt, Said(1, "one") with { Text = new StreamedText(1, 0, "hel") });
        var seen = (await task.Follow(default, null, TimeSpan.Zero))!.Happenings[^1].Id;
        var last = Said(1, "one", "two") with { Text = new StreamedText(1, 0, "hello") };
        await task.Complete(begun.Attempt, Success with { Said = last });

        var news = (await task.Follow(seen, null, TimeSpan.FromSeconds(10)).InTime())!;
        Assert.True(news.Ended);
        Assert.Equal(["two", "lo", "succeeded", "end"], news.Happenings.Select(Word));
        Assert.Equal(0, bench.Left); // the text is kept for a moment
        await bench.Tick();
        Assert.Equal(1, bench.Left);
        Assert.Equal(2, (await Activate().Get())!.Trail!.Lines.Length);
    }

    [Fact]
    public async Task Follow_TextComes_IsAnsweredAndWatchIsNot()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        var at = (await task.Follow(default, null, TimeSpan.Zero))!.Happenings[^1].Id;
        var follow = task.Follow(at, null, TimeSpan.FromSeconds(10));
        var watch = task.Watch((await task.Get())!.Revision, TimeSpan.FromSeconds(10));
        Assert.False(follow.IsCompleted);
        await task.Say(begun.Attempt, new AttemptSaid { Text = new StreamedText(1, 0, "hi") });
        Assert.Equal("hi", Word(Assert.Single((await follow.InTime())!.Happenings)));
        Assert.False(watch.IsCompleted); // it has no text to show
        _time.Advance(TimeSpan.FromSeconds(10));
        await watch.InTime();
    }

    [Fact]
    public async Task Follow_ProgressThatWasShown_IsNotToldAgain()
    {
        Store(Given.Queued());
        var task = Activate();
        var begun = (AttemptBegun)await task.Start(W1);
        await task.Report(begun.Attempt, new TaskProgress(0.5, "half"));
        var news = (await task.Follow(default, null, TimeSpan.Zero))!;
        var made = Assert.IsType<ProgressMade>(news.Happenings[^1]);
        var follow = task.Follow(made.Id, made.Progress, TimeSpan.FromSeconds(10));
        Assert.False(follow.IsCompleted);
        await task.Report(begun.Attempt, new TaskProgress(0.6, null));
        Assert.Equal(0.6, Assert.IsType<ProgressMade>(Assert.Single((await follow.InTime())!.Happenings)).Progress.Fraction);
    }

    [Fact]
    public async Task Follow_NothingHappens_AnswersEmptyAfterItsTime()
    {
        Store(Given.Queued());
        var task = Activate();
        var at = (await task.Follow(default, null, TimeSpan.Zero))!.Happenings[^1].Id;
        var follow = task.Follow(at, null, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty((await follow.InTime())!.Happenings);
    }

    [Fact]
    public async Task Follow_NoSuchTask_IsNull() => Assert.Null(await Activate().Follow(default, null, TimeSpan.FromSeconds(5)));

    private static AttemptSaid Said(int first, params string[] lines) => new() { Lines = [.. lines.Select((text, i) => TrailRulesTests.Line(1, first + i, text))] };

    private static string Word(TaskHappening happening) => happening switch
    {
        StateReached state => state.Line.State.WireName(),
        LineLogged logged => logged.Line.Text,
        TextStreamed chunk => chunk.Text,
        TaskEnded => "end",
        _ => happening.GetType().Name,
    };

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

    private TaskGrain Activate(Bench? bench = null) =>
        (bench ?? NewBench()).Build(() => new TaskGrain(_records, Serializer, new KeptTasks(new StoreHealth(_time, NullLogger<StoreHealth>.Instance)), _direct, new LimitBook(Options.Create(new LimitOptions())), _time, NullLogger<TaskGrain>.Instance));
}
