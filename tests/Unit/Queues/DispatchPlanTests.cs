using CsCheck;
using MorningAI.Queues;

namespace MorningAI.Tests.Unit.Queues;

public sealed class DispatchPlanTests
{
    private static readonly Gen<WorkerLink[]> Links = Gen.Select(Gen.Int[0, 100], Gen.Int[0, 100], Gen.Bool).Array[0, 8]
        .Select(links => links.Select((l, i) => new WorkerLink(Given.Worker($"w{i}")) { Window = l.Item1, Assigned = l.Item2, InDoubt = l.Item3 }).ToArray());

    [Fact]
    public void Next_AnyLinks_TakesAFairShareWithinCreditsAndBatch() => Gen.Select(Links, Gen.Int[0, 500], Gen.Int[1, 64]).Sample((links, ready, maxBatch) =>
    {
        var free = links.Where(l => l.Credits > 0).ToArray();
        var plan = DispatchPlan.Next(links, ready, maxBatch);
        Assert.Equal(free.Length > 0 && ready > 0, plan is not null);
        if (plan is not { } next)
            return;
        Assert.Equal(free.Min(l => (double)l.Assigned / l.Window), (double)next.Link.Assigned / next.Link.Window, 9);
        Assert.InRange(next.Count, 1, Math.Min(Math.Min(next.Link.Credits, maxBatch), ready));
        Assert.True(next.Count <= (ready + free.Length - 1) / free.Length);
    });

    [Fact]
    public void IsFreest_AnyLinks_HasRoomAndIsAsFreeAsTheNext() => Links.Sample(links => Assert.All(links, link =>
        Assert.Equal(
            link.Credits > 0 && DispatchPlan.Next(links, 1, 1)!.Value.Link is var next && (next.Assigned * link.Window, next.Credits) == (link.Assigned * next.Window, link.Credits),
            DispatchPlan.IsFreest(link, links))));

    [Fact]
    public void Next_Repeated_SendsAllThatThereAreCreditsFor() => Gen.Select(Links, Gen.Int[0, 500]).Sample((links, ready) =>
    {
        var credits = links.Sum(l => l.Credits);
        var left = ready;
        while (DispatchPlan.Next(links, left, 64) is { } next)
        {
            next.Link.Assigned += next.Count;
            left -= next.Count;
        }

        Assert.Equal(Math.Min(ready, credits), ready - left);
    });

    [Fact]
    public void Next_SmallWindowBesideALargeOne_IsSentSomethingTooWhereTheOtherHasMore()
    {
        WorkerLink[] links = [new WorkerLink(Given.Worker("w1")) { Window = 64, Assigned = 2 }, new WorkerLink(Given.Worker("w2")) { Window = 16 }];
        Assert.Equal(links[1], DispatchPlan.Next(links, 1, 64)!.Value.Link);
    }

    [Fact]
    public void Next_ShortQueue_IsSpreadOverTheWorkers()
    {
        WorkerLink[] links = [.. Enumerable.Range(0, 4).Select(i => new WorkerLink(Given.Worker($"w{i}")) { Window = 64 })];
        for (var ready = 4; DispatchPlan.Next(links, ready, 64) is { } next; ready -= next.Count)
            next.Link.Assigned += next.Count;
        Assert.All(links, l => Assert.Equal(1, l.Assigned));
    }
}
