using MorningAI.Alerts;
using MorningAI.Queues;
using MorningAI.Tasks;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Alerts;

public sealed class AlertRulesTests
{
    private static readonly DateTimeOffset Now = Given.Now;
    private static readonly AlertOptions Options = new();

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public void Judge_StoreAway_IsAnOutageAfterItsTime(int seconds, bool expected)
    {
        var found = Judge(silos: [Silo("a") with { AwaySince = Now.AddSeconds(-seconds), Fault = "it cannot be reached" }, Silo("b")]);
        Assert.Equal(expected, found.Any(c => c is { Id: "outage", Severity: AlertSeverity.Critical }));
        if (expected)
            Assert.Contains("1 of 2 silos see it (it cannot be reached)", found[0].Text);
    }

    [Fact]
    public void Judge_ASiloThatFellSilent_SaysNothing() =>
        Assert.Empty(AlertRules.Judge([(Silo("a") with { AwaySince = Now.AddHours(-1) }, Now.AddMinutes(-1))], [], [], new Dictionary<QueueName, long>(), 0, Options, Now));

    [Theory]
    [InlineData(99, null)]
    [InlineData(100, AlertSeverity.Warning)]
    [InlineData(500, AlertSeverity.Critical)]
    public void Judge_QueueLong_IsWorseTheLongerItIs(int ready, AlertSeverity? expected)
    {
        var half = Partition() with { Ready = ready / 2 };
        var found = Judge(queues: [half, half with { Ready = ready - (ready / 2) }]);
        Assert.Equal(expected, found.Where(c => c.Id == "queue_long:default").Select(c => (AlertSeverity?)c.Severity).SingleOrDefault());
    }

    [Fact]
    public void Judge_QueueOld_IsSince()
    {
        var found = Judge(queues: [Partition() with { Ready = 1, OldestReadyAt = Now.AddMinutes(-11) }]).Single();
        Assert.Equal(("queue_old:default", Now.AddMinutes(-11)), (found.Id, found.Since));
    }

    [Fact]
    public void Judge_WorkerStale_IsOneAlertAWorker()
    {
        var report = new WorkerReport { Worker = Given.Worker(), StartedAt = Now, At = Now, Concurrency = 1, Running = 0, Waiting = 0, Abandoned = 0, Draining = false, Kinds = [], Finished = 0 };
        var found = Judge(workers: [new WorkerStatus(report, WorkerHealth.Stale, Now.AddMinutes(-3), "no beat for 180 s"), new WorkerStatus(report, WorkerHealth.Healthy, Now, null)]).Single();
        Assert.Equal("worker_stale:w1", found.Id);
        Assert.Contains("no beat for 180 s", found.Text);
    }

    [Fact]
    public void Judge_TheRest_HasItsThresholds()
    {
        Assert.Empty(Judge(failures: 9));
        Assert.Equal("failures", Judge(failures: 10).Single().Id);
        Assert.Equal("dead_letters:faq", Judge(dead: new() { [QueueName.Parse("faq")] = 2 }).Single().Id);
        Assert.Empty(Judge(silos: [Silo("a") with { WaitingP99 = TimeSpan.FromSeconds(4.9) }]));
        Assert.Equal("slow_start", Judge(silos: [Silo("a") with { WaitingP99 = TimeSpan.FromSeconds(5) }]).Single().Id);
    }

    [Fact]
    public void Fault_OfEachWrongSetting_NamesIt()
    {
        Assert.Null(new AlertOptions().Fault());
        Assert.Contains("QueueLong", new AlertOptions { QueueLong = 0 }.Fault());
        Assert.Contains("QueueVeryLong", new AlertOptions { QueueVeryLong = 5 }.Fault());
        Assert.Contains("OutageAfter", new AlertOptions { OutageAfter = TimeSpan.Zero }.Fault());
        Assert.Contains("Every", new AlertOptions { Every = TimeSpan.FromHours(1) }.Fault());
        Assert.Contains("http", new AlertOptions { Webhook = new Uri("ftp://x"), WebhookSecret = "s" }.Fault());
        Assert.Contains("MORNINGAI_ALERTS_WEBHOOK_SECRET", new AlertOptions { Webhook = new Uri("http://x") }.Fault());
    }

    [Fact]
    public void Count_OfFailures_IsWithinTheWindowAndPastASilosLife()
    {
        var window = new FailureWindow(TimeSpan.FromMinutes(5));
        window.Add("a", 100, Now); // it is not known when those were
        window.Add("a", 103, Now.AddMinutes(1));
        window.Add("a", 2, Now.AddMinutes(2)); // another life
        window.Add("a", 4, Now.AddMinutes(3));
        Assert.Equal(5, window.Count(Now.AddMinutes(3)));
        Assert.Equal(2, window.Count(Now.AddMinutes(7)));
    }

    private static List<Condition> Judge(SiloSigns[]? silos = null, PartitionStatus[]? queues = null, WorkerStatus[]? workers = null, Dictionary<QueueName, long>? dead = null, long failures = 0) =>
        AlertRules.Judge([.. (silos ?? []).Select(s => (s, Now))], queues ?? [], workers ?? [], dead ?? [], failures, Options, Now);

    private static SiloSigns Silo(string name) => new() { Silo = name };

    private static PartitionStatus Partition() => new() { Partition = Given.Partition, Ready = 0, Assigned = 0, Workers = 1, OldestReadyAt = null, Stored = null };
}
