using MorningAI.Cli.Chaos.Ledger;

namespace MorningAI.Tests.Unit.Chaos;

/// <summary>The witness' reminder is due at 0.5, 5.5 … 25.5 s, numbers 0 to 5; the run is over at 30 s.</summary>
public sealed class ReminderJudgeTests
{
    [Fact]
    public void Judge_EachDueTimeOnce_FindsNothing() => Assert.Equal(new ReminderFindings(6, 0, 0, 0), Judge(new HandWritten()));

    [Fact]
    public void Judge_DueTimeWithoutTick_IsMissed() =>
        Assert.Equal(new ReminderFindings(6, 0, 2, 0), Judge(Ticked(0, 2, 3, 5)));

    [Fact]
    public void Judge_NeverRan_MissedAll() => Assert.Equal(new ReminderFindings(6, 0, 6, 0), Judge(Ticked()));

    [Fact]
    public void Judge_TwoTicksForOneDueTime_AreDoubled() =>
        Assert.Equal(new ReminderFindings(6, 0, 0, 1), Judge(Ticked(0, 1, 2, 2, 2, 3, 4, 5)));

    [Fact]
    public void Judge_DueInTheLastSecond_IsNotCounted() =>
        Assert.Equal(new ReminderFindings(6, 0, 0, 0), Judge(Ticked(0, 1, 2, 3, 4, 5).Registered("late", 29.5)));

    [Theory]
    [InlineData("silo-killed silo-1 100")]
    [InlineData("silo-paused silo-1 100")]
    [InlineData("silo-cut-off silo-1")]
    public void Judge_DueWithinTenSecondsOfADeath_IsNobodys(string death) =>
        Assert.Equal(new ReminderFindings(4, 2, 1, 0), Judge(Ticked(0, 1, 5).Happened(9, death)));

    [Fact]
    public void Judge_DueJustBeforeItsSiloDied_IsNobodys() =>
        Assert.Equal(new ReminderFindings(5, 1, 0, 0), Judge(Ticked(0, 1, 3, 4, 5).Happened(10.6, "silo-killed silo-1 100")));

    [Fact]
    public void Judge_DeathInAnOutage_IsUnknownUntilTenSecondsAfterIt() =>
        Assert.Equal(new ReminderFindings(3, 3, 0, 0), Judge(Ticked(0, 1, 5).Happened(7, "redis-down").Happened(8, "silo-killed silo-1 100").Happened(13, "redis-up")));

    [Fact]
    public void Judge_OutageAlone_ExcusesNothing() =>
        Assert.Equal(new ReminderFindings(6, 0, 3, 0), Judge(Ticked(0, 1, 5).Happened(7, "redis-down").Happened(13, "redis-up")));

    [Fact]
    public void Judge_CutThatEndsBeforeItIsNoticed_IsNobodysUntilTenSecondsAfterIt() =>
        Assert.Equal(new ReminderFindings(3, 3, 0, 0), Judge(Ticked(0, 1, 5).Happened(7, "silo-cut-off silo-1").Happened(13, "network-mended")));

    [Fact]
    public void Judge_DueWhileASiloJoins_IsNobodys() =>
        Assert.Equal(new ReminderFindings(5, 1, 0, 0), Judge(Ticked(0, 1, 3, 4, 5).Sees("silo-1", 1, "silo-1").Sees("silo-1", 11, "silo-1", "silo-2")));

    private static HandWritten Ticked(params int[] numbers)
    {
        var ledger = new HandWritten().WithoutReminders().Registered("witness", 0.5);
        foreach (var number in numbers)
            ledger.Ticked("witness", number);
        return ledger;
    }

    private static ReminderFindings Judge(HandWritten ledger) => ReminderJudge.Judge(ledger.Read());
}
