using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage;
using MorningAI.Workers;
using Orleans.Serialization;

namespace MorningAI.Tests.Unit.Tasks;

/// <summary>What watchers see, and what a handler says.</summary>
public sealed partial class TaskGrainTests
{
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
}
