using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Limits;

public sealed class PermitsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TaskId[] Tasks = [.. Enumerable.Range(0, 10).Select(_ => TaskId.New(new PartitionId(QueueName.Default, 0), Start))];

    [Fact]
    public void TryTake_AsManyAsMayRun_RefusesTheNextUntilOneHasEnded()
    {
        var permits = new Permits(new Limit { Concurrency = 2 }, Start);
        Assert.Equal([true, true, false], Tasks.Take(3).Select(t => permits.TryTake(t, Start)));

        permits.Release(Tasks[0], unused: false);

        Assert.True(permits.TryTake(Tasks[2], Start));
        Assert.False(permits.TryTake(Tasks[3], Start));
    }

    [Fact]
    public void TryTake_Twice_IsOne()
    {
        var permits = new Permits(new Limit { Concurrency = 1, Rate = 1, Per = TimeSpan.FromHours(1) }, Start);
        var later = Start.AddHours(1);
        Assert.True(permits.TryTake(Tasks[0], later));
        Assert.True(permits.TryTake(Tasks[0], later));
        Assert.Equal(1, permits.Running);
    }

    [Fact]
    public void Release_Unused_GivesTheRateBackToo()
    {
        var permits = new Permits(new Limit { Rate = 1, Per = TimeSpan.FromHours(1) }, Start);
        var later = Start.AddHours(1);
        Assert.True(permits.TryTake(Tasks[0], later));
        Assert.False(permits.TryTake(Tasks[1], later));
        permits.Release(Tasks[0], unused: true);
        Assert.True(permits.TryTake(Tasks[1], later));
        permits.Release(Tasks[1], unused: false);
        Assert.False(permits.TryTake(Tasks[2], later));
    }

    [Fact]
    public void Release_OfOneThatHasNone_ChangesNothing()
    {
        var permits = new Permits(new Limit { Concurrency = 1 }, Start);
        permits.TryTake(Tasks[0], Start);
        Assert.False(permits.Release(Tasks[1], unused: true));
        Assert.False(permits.TryTake(Tasks[1], Start));
    }

    [Fact]
    public void Found_MoreThanMayRun_AreCountedAndNothingIsGiven()
    {
        var permits = new Permits(new Limit { Concurrency = 1 }, Start);
        permits.Found(Tasks[0], Start);
        permits.Found(Tasks[1], Start);
        permits.Release(Tasks[0], unused: false);
        Assert.False(permits.TryTake(Tasks[2], Start));
    }

    [Fact]
    public void Room_WhatWasOffered_IsNotOfferedAgainUntilItIsTakenOrLate()
    {
        var permits = new Permits(new Limit { Concurrency = 3 }, Start);
        permits.TryTake(Tasks[0], Start);
        Assert.Equal(2, permits.Room(Start));

        permits.Offer(2, Start);
        Assert.Equal(0, permits.Room(Start));
        Assert.True(permits.NextAt(Start) > Start);
        permits.TryTake(Tasks[1], Start);
        Assert.Equal(0, permits.Room(Start));

        permits.Withdraw(1);
        Assert.Equal(1, permits.Room(Start));
        permits.Offer(1, Start);
        Assert.Equal(1, permits.Room(Start.AddSeconds(10))); // late
    }

    [Fact]
    public void Old_ConfirmedLately_IsNotAskedAgain()
    {
        var permits = new Permits(new Limit { Concurrency = 3 }, Start);
        permits.TryTake(Tasks[0], Start);
        permits.TryTake(Tasks[1], Start);
        permits.Confirm(Tasks[0], Start.AddSeconds(20));
        Assert.Equal([Tasks[1]], permits.Old(Start.AddSeconds(10), 10));
    }
}
