using CsCheck;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Tasks;

public sealed class EventCursorTests
{
    private static readonly Gen<long> Number = Gen.Long[0, long.MaxValue];
    private static readonly Gen<int> Small = Gen.Int[0, int.MaxValue];

    private static readonly Gen<EventCursor> Any =
        from history in Small
        from ticks in Number
        from attempt in Small
        from log in Number
        from stream in Small
        from rest in Gen.Select(Number, Number, Gen.Bool)
        select new EventCursor { History = history, HistoryTicks = ticks, Log = new LogMark(attempt, log), StreamAttempt = stream, StreamEpoch = rest.Item1, StreamOffset = rest.Item2, Ended = rest.Item3 };

    [Fact]
    public void TryParse_WhatWasWritten_IsTheSame() => Any.Sample(cursor =>
        Assert.True(EventCursor.TryParse(cursor.ToString(), out var read) && read == cursor));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("0.0.0.0.0.0.0")]
    [InlineData("0.0.0.0.0.0.0.2")]
    [InlineData("0.0.0.0.0.0.0.0.0")]
    [InlineData("-1.0.0.0.0.0.0.0")]
    [InlineData("g.0.0.0.0.0.0.0")]
    [InlineData("80000000.0.0.0.0.0.0.0")]
    [InlineData("0.ffffffffffffffff.0.0.0.0.0.0")]
    [InlineData("0.0.0.0.0.0.0.0\n")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(EventCursor.TryParse(text, out _));

    [Fact]
    public void ToString_Start_IsParsedAsStart()
    {
        Assert.True(EventCursor.TryParse(EventCursor.Start.ToString(), out var cursor));
        Assert.Equal(EventCursor.Start, cursor);
    }
}
