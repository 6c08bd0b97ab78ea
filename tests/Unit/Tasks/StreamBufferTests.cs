using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Tasks;

public sealed class StreamBufferTests
{
    private readonly StreamBuffer _buffer = new();

    [Fact]
    public void Add_PiecesAndRepeats_KeepsEachCharacterOnce()
    {
        Assert.True(Add(0, "abc"));
        Assert.False(Add(0, "abc"));
        Assert.False(Add(1, "b"));
        Assert.True(Add(2, "cde"));
        Assert.Equal("abcde", All());
    }

    [Fact]
    public void Add_AfterAGap_BeginsBehindIt()
    {
        Add(0, "abc");
        Assert.True(Add(10, "xyz"));
        Assert.Equal((10, 13, "xyz"), (_buffer.From, _buffer.To, All()));
    }

    [Fact]
    public void Add_NewEpochOrAttempt_BeginsAnewAndOldOnesAreDropped()
    {
        Add(0, "first", epoch: 5);
        Assert.True(Add(0, "second", epoch: 6));
        Assert.False(Add(5, "late", epoch: 5));
        Assert.Equal("second", All());
        Assert.True(Add(0, "next", attempt: 2, epoch: 1)); // a clock that is behind
        Assert.Equal((2, "next"), (_buffer.Attempt, All()));
    }

    [Fact]
    public void Add_MoreThanItKeeps_DropsTheOldestAndNoHalfCharacter()
    {
        Add(0, "x😀");
        Add(3, new string('y', StreamBuffer.MaxCharacters - 1));
        Assert.Equal(3, _buffer.From); // 2 had to go, and are in the middle of a pair
        Assert.Equal(StreamBuffer.MaxCharacters + 2, _buffer.To);
        Assert.All(All(), c => Assert.Equal('y', c));
    }

    [Fact]
    public void Read_EndWouldBreakAPair_EndsBeforeIt()
    {
        Add(0, "ab😀");
        Assert.Equal("ab", _buffer.Read(0, 3));
        Assert.Equal("😀", _buffer.Read(2, 2));
    }

    private bool Add(long offset, string text, int attempt = 1, long epoch = 1) => _buffer.Add(attempt, new StreamedText(epoch, offset, text));

    private string All() => _buffer.Read(_buffer.From, int.MaxValue);
}
