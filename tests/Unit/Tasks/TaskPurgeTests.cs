using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Tasks;
using MorningAI.Telemetry;
using MorningAI.Tests.Unit.Storage;
using MorningAI.Tests.Unit.Telemetry;

namespace MorningAI.Tests.Unit.Tasks;

public sealed class TaskPurgeTests
{
    private readonly FakeRecords _records = new();
    private readonly FakeTimeProvider _time = new(Given.Now) { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly RetentionOptions _options = new();

    [Fact]
    public async Task Run_EachState_IsKeptAsLongAsItsOptionSays()
    {
        await Run();

        Assert.Equal(
            [
                (TaskState.Succeeded, At(TimeSpan.FromHours(24))), (TaskState.Failed, At(TimeSpan.FromHours(1))),
                (TaskState.Cancelled, At(TimeSpan.FromHours(1))), (TaskState.Dead, At(TimeSpan.FromDays(30))),
            ],
            _records.Purged);
    }

    [Fact]
    public async Task Run_ForEver_IsNotLookedFor()
    {
        (_options.Succeeded, _options.Dead) = (null, null);
        await Run();
        Assert.Equal([TaskState.Failed, TaskState.Cancelled], _records.Purged.Select(p => p.State));
    }

    [Fact]
    public async Task Run_ManyToGo_RestsBetweenSlicesAndGoesOn()
    {
        (_options.Failed, _options.Cancelled, _options.Dead) = (null, null, null);
        foreach (var found in new[] { 200, 200, 7 })
            _records.ToPurge.Enqueue(found);

        var purge = Run();
        Assert.Single(_records.Purged); // it rests
        Assert.Equal(407, await Ended(purge));
        Assert.Equal(3, _records.Purged.Count);
    }

    [Fact]
    public async Task Run_MayNotGoOn_StopsBeforeTheNextSlice()
    {
        foreach (var found in new[] { 200, 200 })
            _records.ToPurge.Enqueue(found);
        var purge = Run(() => _records.Purged.Count == 0);
        Assert.Equal(200, await Ended(purge));
    }

    [Fact]
    public async Task Run_StoreIsAway_LeavesItForLater()
    {
        _records.Down = new StoreUnavailableException("away");
        Assert.Equal(0, await Run());
    }

    private static long At(TimeSpan ago) => (Given.Now - ago).ToUnixTimeMilliseconds();

    private Task<long> Run(Func<bool>? mayGoOn = null) =>
        new TaskPurge(_records, Options.Create(_options), new TaskMetrics(new Meters(), _time), _time, NullLogger<TaskPurge>.Instance)
            .Run(Given.Partition, mayGoOn ?? (() => true), TestContext.Current.CancellationToken);

    private async Task<long> Ended(Task<long> purge)
    {
        for (var i = 0; i < 100 && !purge.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        return await purge.WaitAsync(Given.Patience, TestContext.Current.CancellationToken);
    }
}
