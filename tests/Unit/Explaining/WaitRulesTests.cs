using MorningAI.Explaining;
using MorningAI.Limits;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Explaining;

public sealed class WaitRulesTests
{
    private static readonly TaskSnapshot Queued = Given.Queued().ToSnapshot(Given.Id(), 1, null);

    [Fact]
    public void OfTask_Ready_SaysHowManyGoBeforeIt()
    {
        var reasons = Of(Queued, Place(Whereabouts.Ready) with { Ahead = 1204 });
        Assert.Equal((WaitCode.Position, 1204L), (reasons[0].Code, reasons[0].Count));
        Assert.Contains("1,204 tasks", reasons[0].Text);
        Assert.Equal(WaitCode.WorkersBusy, reasons[1].Code);
        Assert.Equal(2, reasons.Length);
    }

    [Fact]
    public void OfTask_Paused_ComesFirstAndNoWorkerIsBlamed()
    {
        var control = QueueRules.Decide(null, Given.Partition.Queue, QueueCommand.Pause, new QueueDecision(Given.Now, "ann", "a deploy"));
        var reasons = Of(Queued, Place(Whereabouts.Ready, Partition() with { Control = control }));
        Assert.Equal([WaitCode.Paused, WaitCode.Position], reasons.Select(r => r.Code));
        Assert.Equal(("ann", Given.Now), (reasons[0].By, reasons[0].Since));
        Assert.Contains("by ann (a deploy)", reasons[0].Text);
    }

    [Fact]
    public void OfTask_NoWorker_SaysSo()
    {
        Assert.Contains(Of(Queued, Place(Whereabouts.Ready), workers: []), r => r is { Code: WaitCode.NoWorker, Count: 0 });
        var stale = Of(Queued, Place(Whereabouts.Ready), workers: [Worker(WorkerHealth.Stale)]);
        Assert.Contains(stale, r => r.Code == WaitCode.NoWorker && r.Text.Contains("w1 stale", StringComparison.Ordinal));
        Assert.Contains(Of(Queued, Place(Whereabouts.Ready, Partition() with { Workers = 0 })), r => r.Code == WaitCode.NoWorker && r.Text.Contains("has met none", StringComparison.Ordinal));
    }

    [Fact]
    public void OfTask_NobodyKnowsItsKind_SaysSo() =>
        Assert.Contains(Of(Queued, Place(Whereabouts.Ready), [Worker(kind: "other")]), r => r.Code == WaitCode.NoHandler && r.Text.Contains("'scripted'", StringComparison.Ordinal));

    [Fact]
    public void OfTask_HeldBackByALimit_GivesItsNumbers()
    {
        var limiter = new LimiterStatus { Name = "queue:default", Running = 3, Concurrency = 3, Rate = 10, Per = TimeSpan.FromMinutes(1), NextAt = Given.Now };
        var reason = Of(Queued, Place(Whereabouts.HeldBack) with { HeldBackBy = "queue:default", HeldSince = Given.Now }, limiter: limiter).Single();
        Assert.Equal((WaitCode.Limit, 3L, 3L, Given.Now), (reason.Code, reason.Count, reason.Of, reason.Until));
        Assert.Equal("It waits for the limit queue:default: 3 of 3 run; 10 may begin in 60 s, the next at 2026-05-01 12:00:00Z.", reason.Text);
    }

    [Fact]
    public void OfTask_HeldBackByItsOrder_NamesTheOneBefore()
    {
        var before = Queued with { Id = Given.Id(2) };
        var reason = Of(Queued, Place(Whereabouts.HeldBack) with { HeldBackBy = "order:chat-1" }, before: before).Single();
        Assert.Equal(WaitCode.Order, reason.Code);
        Assert.Contains($"before it comes {before.Id}, which is queued", reason.Text);
    }

    [Fact]
    public void OfTask_ForItsTime_SaysUntilWhen()
    {
        var scheduled = Queued with { State = TaskState.Scheduled, DueAt = Given.Now.AddHours(1), Attempt = 2 };
        var reason = Of(scheduled, Place(Whereabouts.Later)).Single();
        Assert.Equal((WaitCode.Scheduled, scheduled.DueAt), (reason.Code, reason.Until));
        Assert.Contains("after attempt 2 failed", reason.Text);
    }

    [Fact]
    public void OfTask_EveryOtherPlace_HasAReason()
    {
        Assert.Equal(WaitCode.UnverifiedKey, Of(Queued with { State = TaskState.Blocked }, Place(Whereabouts.Unknown)).Single().Code);
        Assert.Equal(WaitCode.NotInQueue, Of(Queued, Place(Whereabouts.Unknown)).Single().Code);
        Assert.Equal(WaitCode.AtWorker, Of(Queued, Place(Whereabouts.Assigned) with { Worker = Given.Worker() }).Single().Code);
        Assert.Equal(WaitCode.Running, Of(Queued with { State = TaskState.Running }, Place(Whereabouts.Assigned)).Single().Code);
        Assert.Equal(WaitCode.Ended, Of(Queued with { State = TaskState.Dead }, Place(Whereabouts.Unknown)).Single().Code);
    }

    [Fact]
    public void OfTask_InTrouble_SaysSoLast()
    {
        var reasons = Of(Queued, Place(Whereabouts.Ready, Partition() with { Complete = false }) with { AwaitsJournal = true, Store = "down" });
        Assert.Equal([WaitCode.AbsentJournal, WaitCode.Rebuilding, WaitCode.Store], reasons.TakeLast(3).Select(r => r.Code));
    }

    [Fact]
    public void OfQueue_NothingWaits_SaysSo()
    {
        var reason = WaitRules.OfQueue([Partition() with { Ready = 0 }], null, false, "healthy", [Worker()], []).Single();
        Assert.Equal(WaitCode.Idle, reason.Code);
    }

    [Fact]
    public void OfQueue_Lanes_AreSummedOverPartitions()
    {
        var partition = Partition() with { Ready = 0, HeldBack = 4, Lanes = [new HeldLane("kind:http", 3, Given.Now), new HeldLane("order:chat-1", 1, Given.Now)] };
        var reasons = WaitRules.OfQueue([partition, partition], null, false, "healthy", [Worker()], []).ToArray();
        Assert.Contains("6 tasks wait for the limit kind:http", reasons[0].Text);
        Assert.Contains("2 tasks of the order 'chat-1'", reasons[1].Text);
    }

    private static WaitReason[] Of(TaskSnapshot task, TaskPlace place, WorkerStatus[]? workers = null, LimiterStatus? limiter = null, TaskSnapshot? before = null) =>
        [.. WaitRules.OfTask(task, place, workers ?? [Worker()], limiter, before)];

    private static TaskPlace Place(Whereabouts whereabouts, PartitionStatus? partition = null) =>
        new() { Whereabouts = whereabouts, Partition = partition ?? Partition(), Store = "healthy" };

    private static PartitionStatus Partition() => new() { Partition = Given.Partition, Ready = 2000, Assigned = 4, Workers = 1, OldestReadyAt = null, Stored = null, Complete = true };

    private static WorkerStatus Worker(WorkerHealth health = WorkerHealth.Healthy, string kind = "scripted") => new(
        new WorkerReport { Worker = Given.Worker(), StartedAt = Given.Now, At = Given.Now, Concurrency = 4, Running = 4, Waiting = 0, Abandoned = 0, Draining = false, Kinds = [TaskKind.Parse(kind)], Finished = 0 },
        health,
        Given.Now,
        null);
}
