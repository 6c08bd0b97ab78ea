using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Workers;

public sealed class WorkerHealthRulesTests
{
    private static readonly WorkerOptions Options = new();

    [Theory]
    [InlineData(0, false, false, WorkerHealth.Healthy)]
    [InlineData(120, false, false, WorkerHealth.Healthy)]
    [InlineData(120.001, false, false, WorkerHealth.Stale)]
    [InlineData(600, false, false, WorkerHealth.Stale)]
    [InlineData(600.001, false, false, null)]
    [InlineData(0, true, false, WorkerHealth.Draining)]
    [InlineData(120.001, true, false, WorkerHealth.Stale)]
    [InlineData(0, false, true, WorkerHealth.Stale)]
    [InlineData(0, true, true, WorkerHealth.Stale)]
    [InlineData(600.001, false, true, null)]
    [InlineData(-5, false, false, WorkerHealth.Healthy)]
    public void Judge_AtEachThreshold_IsAsDocumented(double silence, bool draining, bool hostGone, WorkerHealth? health) =>
        Assert.Equal(health, Judge(silence, draining, hostGone)?.Health);

    [Fact]
    public void Judge_Stale_SaysWhy()
    {
        Assert.Equal("no beat for 150 s", Judge(150.9, false, false)!.Value.Reason);
        Assert.Equal("its silo is gone", Judge(150.9, false, true)!.Value.Reason);
    }

    private static (WorkerHealth Health, string? Reason)? Judge(double silence, bool draining, bool hostGone) =>
        WorkerHealthRules.Judge(Report(draining), Given.Now, Given.Now.AddSeconds(silence), hostGone, Options);

    private static WorkerReport Report(bool draining) => new()
    {
        Worker = Given.Worker(),
        StartedAt = Given.Now,
        At = Given.Now,
        Concurrency = 1,
        Running = 0,
        Waiting = 0,
        Abandoned = 0,
        Draining = draining,
        Kinds = [],
        Finished = 0,
    };
}
