using CsCheck;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Tasks;

public sealed class TaskStoryTests
{
    private static readonly DateTimeOffset Now = Given.Now;

    [Fact]
    public void Since_TwoAttempts_TellsLinesAndTextBetweenTheirBeginningAndEnd()
    {
        var first = TaskRules.Begin(Given.Queued(), Given.Worker(), Now);
        var lost = TaskRules.LoseWorker(Heard(first, 1, "one"), Now);
        // The second worker's clock is an hour behind.
        var second = TaskRules.Begin(lost, Given.Worker("w2"), Now);
        var task = TaskRules.End(Heard(second, 2, "two", Now.AddHours(-1)), new AttemptSucceeded([], null), Now);
        var stream = new StreamBuffer();
        stream.Add(2, new StreamedText(1, 0, "text"));

        Assert.Equal(
            ["queued", "running", "log one", "queued", "running", "log two", "chunk 0 text", "succeeded", "end"],
            Told(TaskStory.Since(EventCursor.Start, task, null, stream, () => Snapshot(task))));
    }

    /// <summary>Whoever goes on after any event, on a silo that knows the same, sees the rest and nothing twice.</summary>
    [Fact]
    public void Since_FromEveryEvent_TellsExactlyTheRest() => Gen.Int[0, 9].Array[1, 40].Sample(moves =>
    {
        var (task, stream) = Play(moves);
        var all = TaskStory.Since(EventCursor.Start, task, null, stream, () => Snapshot(task)).Happenings;
        for (var i = 0; i < all.Count; i++)
        {
            Assert.True(EventCursor.TryParse(all[i].Id.ToString(), out var after));
            var rest = TaskStory.Since(after, task, null, stream, () => Snapshot(task)).Happenings;
            Assert.Equal(all.Skip(i + 1).Select(Word), rest.Select(Word));
        }
    });

    /// <summary>Whoever watches all the while, or asks only now and then, has seen the same at the end, but for progress.</summary>
    [Fact]
    public void Since_AskedAfterEveryMove_TellsTheSameAsOnceAtTheEnd() => Gen.Int[0, 9].Array[1, 40].Sample(moves =>
    {
        var seen = new List<string>();
        var after = EventCursor.Start;
        var (task, stream) = Play(moves, (t, s) =>
        {
            foreach (var happening in TaskStory.Since(after, t, null, s, () => Snapshot(t)).Happenings)
            {
                seen.Add(Word(happening));
                after = happening.Id;
            }
        });
        var once = TaskStory.Since(EventCursor.Start, task, null, stream, () => Snapshot(task)).Happenings.Select(Word);
        // Text of earlier attempts is not kept, and its pieces may be cut otherwise.
        Assert.Equal(once.Where(IsLasting), seen.Where(IsLasting));

        static bool IsLasting(string word) => !word.StartsWith("chunk", StringComparison.Ordinal) && !word.StartsWith("restarted", StringComparison.Ordinal);
    });

    [Fact]
    public void Since_StartWasLostWithItsSilo_TellsTheNextAtItsPlace()
    {
        var queued = Given.Queued();
        var seen = TaskStory.Since(EventCursor.Start, TaskRules.Begin(queued, Given.Worker(), Now.AddSeconds(1)), null, null, Never).Happenings[^1].Id;
        var again = TaskRules.Begin(queued, Given.Worker("w2"), Now.AddSeconds(9));

        Assert.Equal(["running"], Told(TaskStory.Since(seen, again, null, null, Never)));
    }

    [Fact]
    public void Since_NewAttemptStreams_SaysThatTheTextBeginsAnew()
    {
        var task = TaskRules.Begin(Given.Queued(), Given.Worker(), Now);
        var stream = new StreamBuffer();
        stream.Add(1, new StreamedText(100, 0, "half"));
        var seen = TaskStory.Since(EventCursor.Start, task, null, stream, Never).Happenings[^1].Id;
        var next = new StreamBuffer(); // another silo's
        next.Add(2, new StreamedText(200, 0, "whole"));
        task = TaskRules.Begin(TaskRules.LoseWorker(task, Now), Given.Worker("w2"), Now);

        Assert.Equal(["queued", "running", "restarted 2", "chunk 0 whole"], Told(TaskStory.Since(seen, task, null, next, Never)));
    }

    [Fact]
    public void Since_SameAttemptNumberOnAnotherWorker_IsAnotherText()
    {
        var task = TaskRules.Begin(Given.Queued(), Given.Worker(), Now);
        var (stream, other) = (new StreamBuffer(), new StreamBuffer());
        stream.Add(1, new StreamedText(100, 0, "first"));
        other.Add(1, new StreamedText(200, 0, "other text"));
        var seen = TaskStory.Since(EventCursor.Start, task, null, stream, Never).Happenings[^1].Id;

        Assert.Equal(["restarted 1", "chunk 0 other text"], Told(TaskStory.Since(seen, task, null, other, Never)));
    }

    [Fact]
    public void Since_TextWasDropped_SaysWhichPart()
    {
        var task = TaskRules.Begin(Given.Queued(), Given.Worker(), Now);
        var stream = new StreamBuffer();
        stream.Add(1, new StreamedText(1, 100, "tail"));

        Assert.Equal(["queued", "running", "truncated 0-100", "chunk 100 tail"], Told(TaskStory.Since(EventCursor.Start, task, null, stream, Never)));
    }

    [Fact]
    public void Since_LongText_ComesInPiecesAndTheEndAfterThem()
    {
        var task = TaskRules.End(TaskRules.Begin(Given.Queued(), Given.Worker(), Now), new AttemptSucceeded([], null), Now);
        var stream = new StreamBuffer();
        stream.Add(1, new StreamedText(1, 0, new string('x', TaskStory.MaxText + 1)));

        var first = TaskStory.Since(EventCursor.Start, task, null, stream, Never);
        Assert.False(first.Ended);
        Assert.IsType<TextStreamed>(first.Happenings[^1]);
        var second = TaskStory.Since(first.Happenings[^1].Id, task, null, stream, () => Snapshot(task));
        Assert.Equal([$"chunk {TaskStory.MaxText} x", "succeeded", "end"], Told(second));
        Assert.True(second.Ended);
    }

    [Fact]
    public void Since_LinesMadeRoom_SaysSoToWhoHasMissedThem()
    {
        var task = TaskRules.Begin(Given.Queued(), Given.Worker(), Now);
        task = task with { Trail = TrailRules.Add(null, new AttemptSaid { Lines = [.. Enumerable.Range(1, TaskTrail.MaxLines + 2).Select(i => TrailRulesTests.Line(1, i))] }) };
        var all = TaskStory.Since(EventCursor.Start, task, null, null, Never).Happenings;

        Assert.Equal(2, Assert.IsType<LinesDropped>(all[2]).Count);
        var upToDate = all[1].Id with { Log = new LogMark(1, 2) };
        Assert.IsType<LineLogged>(TaskStory.Since(upToDate, task, null, null, Never).Happenings[0]);
    }

    [Fact]
    public void Since_HistoryMadeRoom_TellsOnlyWhatIsNew()
    {
        var task = Given.Queued();
        for (var i = 0; i < TaskRules.MaxHistory; i++)
            task = TaskRules.End(TaskRules.Begin(task, Given.Worker(), Now), new AttemptHandedBack(), Now);
        var seen = TaskStory.Since(EventCursor.Start, task, null, null, Never).Happenings[^1].Id;
        task = TaskRules.Begin(task, Given.Worker(), Now);

        Assert.Equal(201, seen.History);
        Assert.Equal(["running"], Told(TaskStory.Since(seen, task, null, null, Never)));
    }

    [Fact]
    public void Since_TheEnd_HasNothingMore()
    {
        var task = TaskRules.Cancel(Given.Queued(), null, Now);
        var end = TaskStory.Since(EventCursor.Start, task, null, null, () => Snapshot(task)).Happenings[^1].Id;

        Assert.True(end.Ended);
        Assert.Equivalent(new TaskNews([], Ended: true), TaskStory.Since(end, task, null, null, Never));
    }

    private static (TaskRecord, StreamBuffer) Play(int[] moves, Action<TaskRecord, StreamBuffer>? look = null)
    {
        var (task, stream, at, written) = (Given.Queued(), new StreamBuffer(), Now, 0L);
        foreach (var move in moves)
        {
            at += TimeSpan.FromMilliseconds(7 * (move % 3)); // also none, and lines of one moment
            if (task.State == TaskState.Queued)
                (task, written) = (TaskRules.Begin(task, Given.Worker(), at), 0);
            else if (task.State != TaskState.Running)
                break;
            else if (move < 3)
                task = Heard(task, task.Attempts, $"line {at.UtcTicks}", at);
            else if (move < 6)
                stream.Add(task.Attempts, new StreamedText(1, written, $"<{move}>"));
            else if (move < 8)
                task = TaskRules.End(task, new AttemptHandedBack(), at);
            else if (move == 8)
                task = TaskRules.Cancel(task, null, at);
            written = stream.Attempt == task.Attempts ? stream.To : 0;
            look?.Invoke(task, stream);
        }

        return (task, stream);
    }

    private static TaskRecord Heard(TaskRecord task, int attempt, string text, DateTimeOffset? at = null)
    {
        var ticks = (at ?? Now).UtcTicks;
        if (task.Trail?.Lines is [.., var last] && last.Attempt == attempt)
            ticks = Math.Max(ticks, last.At.UtcTicks + 1);
        return task with { Trail = TrailRules.Add(task.Trail, new AttemptSaid { Lines = [TrailRulesTests.Line(attempt, ticks, text)] }) };
    }

    private static TaskSnapshot Snapshot(TaskRecord task) => task.ToSnapshot(Given.Id(), 1, null);

    private static TaskSnapshot Never() => throw new InvalidOperationException("It has not ended.");

    private static string[] Told(TaskNews news) => [.. news.Happenings.Select(Word)];

    private static string Word(TaskHappening happening) => happening switch
    {
        StateReached state => state.Line.State.WireName(),
        LineLogged logged => $"log {logged.Line.Text}",
        TextStreamed chunk => $"chunk {chunk.Offset} {chunk.Text}",
        StreamRestarted restarted => $"restarted {restarted.Attempt}",
        StreamTruncated truncated => $"truncated {truncated.From}-{truncated.To}",
        TaskEnded => "end",
        _ => happening.GetType().Name,
    };
}
