using Microsoft.Extensions.Time.Testing;
using MorningAI.Client.Submitting;
using Xunit;

namespace MorningAI.Tests.Unit.Client;

public class IntakeRingTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly IntakeRing _ring;

    public IntakeRingTests() => _ring = new IntakeRing(_ => throw new NotSupportedException(), _time);

    [Fact]
    public void Next_AllWell_TakesEachInTurn() => Assert.Equal(IntakeRing.Size, Round().Distinct().Count());

    [Fact]
    public void Next_OneUnanswered_TakesOnlyThoseThatAnsweredSinceItWasSent()
    {
        for (var key = 0; key < IntakeRing.Size; key++)
            _ring.Answered(key);
        _time.Advance(TimeSpan.FromSeconds(1));
        var sent = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        _ring.Answered(3);
        _ring.Answered(7);
        _time.Advance(TimeSpan.FromSeconds(1));
        _ring.Unanswered(0, sent);
        Assert.Equal([3, 7], Round().Distinct().Order());
    }

    [Fact]
    public void Next_NoneAnsweredSince_GoesOnTryingAll()
    {
        _ring.Unanswered(0, _time.GetTimestamp());
        Assert.Equal(IntakeRing.Size, Round().Distinct().Count());
    }

    [Fact]
    public void Next_CautionIsOver_TakesAllAgain()
    {
        var sent = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        _ring.Answered(3);
        _ring.Unanswered(0, sent);
        Assert.Equal([3], Round().Distinct());
        _time.Advance(IntakeRing.Caution);
        Assert.Equal(IntakeRing.Size, Round().Distinct().Count());
    }

    private int[] Round() => [.. Enumerable.Range(0, IntakeRing.Size).Select(_ => _ring.Next())];
}
