using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Workers;

public sealed class AttemptVoiceTests
{
    private readonly FakeTimeProvider _time = new(Given.Now);
    private readonly ConcurrentQueue<AttemptSaid> _sent = new();
    private Func<Task<bool>> _answer = () => Task.FromResult(true);

    [Fact]
    public async Task Stream_First_IsSentAtOnceAndTheRestTogether()
    {
        var voice = New();
        voice.Stream("a");
        await Sent(1);
        foreach (var token in (string[])["b", "c", "d"])
            voice.Stream(token);
        await AdvanceUntilSent(2);
        voice.Log(TaskLogLevel.Info, "line");
        await AdvanceUntilSent(3);

        Assert.Equal([(0L, "a"), (1, "bcd")], _sent.Where(s => s.Text is not null).Select(s => (s.Text!.Offset, s.Text.Text)));
        Assert.Equal(["line"], _sent.SelectMany(s => s.Lines).Select(l => l.Text));
    }

    [Fact]
    public void Close_NothingSaid_IsNothing() => Assert.Null(New().Close());

    [Fact]
    public void Close_Lines_HasAllAndTheTextThatWasNotConfirmed()
    {
        _answer = () => new TaskCompletionSource<bool>().Task;
        var voice = New();
        voice.Log(TaskLogLevel.Warning, "one");
        voice.Log(TaskLogLevel.Error, "two");
        voice.Stream("text");
        var said = voice.Close()!;
        voice.Log(TaskLogLevel.Info, "too late");

        Assert.Equal([(TaskLogLevel.Warning, "one"), (TaskLogLevel.Error, "two")], said.Lines.Select(l => (l.Level, l.Text)));
        Assert.Equal((0, "text"), (said.Text!.Offset, said.Text.Text));
        Assert.True(said.Lines[0].Mark < said.Lines[1].Mark); // in one moment, and told apart all the same
    }

    [Fact]
    public async Task Send_Fails_IsSentAgain()
    {
        var failures = 2;
        _answer = () => Interlocked.Decrement(ref failures) >= 0 ? Task.FromException<bool>(new TimeoutException()) : Task.FromResult(true);
        var voice = New();
        voice.Stream("a");
        await AdvanceUntilSent(3);
        Assert.All(_sent, s => Assert.Equal((0, "a"), (s.Text!.Offset, s.Text.Text)));
    }

    [Fact]
    public async Task Send_AttemptIsSuperseded_SaysNothingMore()
    {
        _answer = () => Task.FromResult(false);
        var voice = New();
        voice.Stream("a");
        await Sent(1);
        await Until.True(() => voice.IsClosed, "it is closed");
        voice.Stream("b");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(_sent);
    }

    [Fact]
    public void Stream_NobodyTakesIt_KeepsTheEndWithinItsBound()
    {
        _answer = () => new TaskCompletionSource<bool>().Task;
        var voice = New();
        for (var i = 0; i < 100; i++)
            voice.Stream(new string('x', 1000));
        var text = voice.Close()!.Text!;
        Assert.Equal((100_000 - AttemptVoice.MaxWaiting, AttemptVoice.MaxWaiting), (text.Offset, text.Text.Length));
    }

    [Fact]
    public void Log_NobodyTakesIt_KeepsTheNewestAndCounts()
    {
        _answer = () => new TaskCompletionSource<bool>().Task;
        var voice = New();
        for (var i = 0; i < TaskTrail.MaxLines + 3; i++)
            voice.Log(TaskLogLevel.Info, $"{i}");
        var said = voice.Close()!;
        Assert.Equal((TaskTrail.MaxLines, 3, "3"), (said.Lines.Length, said.Dropped, said.Lines[0].Text));
    }

    [Fact]
    public void Log_LongLine_IsCut()
    {
        var voice = New();
        voice.Log(TaskLogLevel.Info, new string('x', 5000));
        Assert.Equal(TaskTrail.MaxLineLength + 1, voice.Close()!.Lines[0].Text.Length);
    }

    [Fact]
    public async Task Stream_HalfACharacter_WaitsForItsOtherHalf()
    {
        var voice = New();
        voice.Stream("a\ud83d");
        voice.Stream("\ude00b");
        await AdvanceUntilSent(1);
        await Until.Passes(_time, AttemptVoice.Interval, () => string.Concat(_sent.Select(s => s.Text!.Text)) == "a😀b", "all is sent");
        Assert.All(_sent, s => Assert.False(char.IsHighSurrogate(s.Text!.Text[^1])));
    }

    [Fact]
    public async Task Restart_NewText_HasALaterEpochAndBeginsAtZero()
    {
        var voice = New();
        voice.Stream("draft");
        await Sent(1);
        voice.Restart();
        voice.Stream("again");
        await AdvanceUntilSent(2);
        var texts = _sent.Select(s => s.Text!).ToArray();
        Assert.True(texts[0].Epoch < texts[1].Epoch);
        Assert.Equal((0, "again"), (texts[1].Offset, texts[1].Text));
    }

    private AttemptVoice New() => new(1, said =>
    {
        _sent.Enqueue(said);
        return _answer();
    }, _time);

    private Task Sent(int count) => Until.True(() => _sent.Count >= count, $"{count} are sent");

    private Task AdvanceUntilSent(int count) => Until.Passes(_time, AttemptVoice.Interval, () => _sent.Count >= count, $"{count} are sent");
}
