using MorningAI.Intake;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Tasks that wait for a time: a delay, a due time, the pause before another attempt, a deadline. With a real Redis, its death and emptiness, and a silo's death.</summary>
public sealed class RetryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);
    private readonly Witness _witness = new();

    [Fact]
    public async Task Submit_Delayed_IsScheduledAndRunsOnTimeAndNotBefore()
    {
        await using var silos = await Start();
        var id = await Submit(silos, "note", "1", s => s with { Delay = TimeSpan.FromSeconds(1) });
        Assert.Equal(TaskState.Scheduled, (await silos.Grains.GetTask(id).Get())!.State);

        var task = await silos.End(id);

        Assert.Equal([TaskState.Scheduled, TaskState.Queued, TaskState.Running, TaskState.Succeeded], task.History.Select(h => h.State));
        Assert.True(task.StartedAt - task.CreatedAt >= TimeSpan.FromSeconds(1), $"{task.StartedAt - task.CreatedAt}");
    }

    [Fact]
    public async Task Attempt_Fails_IsRetriedAfterItsPausesAndKeepsItsHistory()
    {
        await using var silos = await Start();
        var task = await silos.End(await Submit(silos, "flaky", "2", s => s with { Retry = RetryPolicy.After(Soon, Soon) }));

        Assert.Equal((TaskState.Succeeded, 3), (task.State, task.Attempt));
        Assert.Equal(["attempt 1", "attempt 2", "attempt 3"], _witness.Ran);
        Assert.Equal(2, task.History.Count(h => h is { State: TaskState.Scheduled, Note: not null } && h.Note.EndsWith("breaks.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Attempts_AllFail_TheTaskIsDeadAndARetryByHandIsANewTask()
    {
        await using var silos = await Start();
        var id = await Submit(silos, "flaky", "9", s => s with { Retry = RetryPolicy.After(Soon) });
        var dead = await silos.End(id);
        Assert.Equal((TaskState.Dead, 2), (dead.State, dead.Attempt));

        var retried = Assert.IsType<TaskAccepted>(Assert.IsType<RetryResubmitted>(await silos.Grains.GetTask(id).Retry()).Outcome).Receipt;
        var again = Assert.IsType<TaskAccepted>(Assert.IsType<RetryResubmitted>(await silos.Grains.GetTask(id).Retry()).Outcome).Receipt;

        Assert.NotEqual(id, retried.TaskId);
        Assert.Equal((retried.TaskId, false), (again.TaskId, again.Created));
        Assert.Equal(TaskState.Dead, (await silos.End(retried.TaskId)).State);
        Assert.Equal(4, _witness.Ran.Count);
    }

    [Fact]
    public async Task Retry_WaitsForItsNextAttempt_BeginsItNow()
    {
        await using var silos = await Start();
        var id = await Submit(silos, "flaky", "1", s => s with { Retry = RetryPolicy.After(TimeSpan.FromHours(1)) });
        await Waits(silos, id);

        Assert.IsType<RetryHastened>(await silos.Grains.GetTask(id).Retry());

        Assert.Equal((TaskState.Succeeded, 2), ((await silos.End(id)).State, _witness.Ran.Count));
        Assert.IsType<RetryRefused>(await silos.Grains.GetTask(id).Retry());
    }

    [Fact]
    public async Task RetryAndDelay_RedisDies_BothRunInTheOutageAndOnce()
    {
        await using var silos = await Start();
        await silos.End(await silos.Submit("note", "0"));
        var before = await Submit(silos, "note", "1", s => s with { Delay = TimeSpan.FromSeconds(2) });
        var flaky = await Submit(silos, "flaky", "1", s => s with { Retry = RetryPolicy.After(TimeSpan.FromSeconds(2)) });
        await silos.Redis.Kill();
        var during = await Submit(silos, "note", "2", s => s with { Delay = TimeSpan.FromSeconds(1) });

        foreach (var id in (TaskId[])[before, flaky, during])
            Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);

        await silos.Redis.Begin();
        await Deadline.Until("Redis has it all", Limit, () => Task.FromResult(silos.Health.State == StoreState.Healthy));
        Assert.Equal(["0", "1", "2", "attempt 1", "attempt 2"], _witness.Ran.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Delay_RedisIsEmptiedAndTheSiloDies_RunsElsewhereOnce()
    {
        await using var silos = await Start(silos: 2);
        await silos.End(await silos.Submit("note", "0"));
        var id = await Submit(silos, "note", "1", s => s with { Delay = TimeSpan.FromSeconds(4), Priority = TaskPriority.P0 });
        using (var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{silos.Redis.Port},allowAdmin=true"))
        {
            await redis.GetServers()[0].FlushAllDatabasesAsync();
            await Deadline.Until("it is put back", Limit, async () => await Count("scheduled") == 1 && await Count("succeeded") == 1);

            Task<long> Count(string state) => redis.GetDatabase().SortedSetLengthAsync($"test:{{default.0}}:state:{state}");
        }

        await silos.Cluster.StopSiloAsync(silos.Cluster.Silos[1]);

        Assert.Equal(TaskState.Succeeded, (await silos.End(id)).State);
        Assert.Equal(["0", "1"], _witness.Ran);
    }

    [Fact]
    public async Task Cancel_Scheduled_NeverRuns()
    {
        await using var silos = await Start();
        var id = await Submit(silos, "note", "1", s => s with { Delay = Soon });
        Assert.True((await silos.Grains.GetTask(id).Cancel("enough")).Cancelled);
        await silos.End(await Submit(silos, "note", "2", s => s with { Delay = 2 * Soon }));
        Assert.Equal(["2"], _witness.Ran);
    }

    [Fact]
    public async Task Deadline_PassesWhileItWaits_HasFailedForWhoeverLooks()
    {
        await using var silos = await Start(slots: 1);
        var holder = await silos.Submit("hold");
        await Deadline.Until("the slot is taken", Limit, () => Task.FromResult(_witness.Ran.Count == 1));
        var id = await Submit(silos, "note", "1", s => s with { Deadline = DateTimeOffset.UtcNow + Soon });

        var task = await silos.End(id);
        _witness.Gate.SetResult();
        await silos.End(holder);
        await silos.End(await silos.Submit("note", "2"));

        Assert.Equal((TaskState.Failed, TaskError.DeadlineExceeded), (task.State, task.Error!.Code));
        Assert.DoesNotContain("1", _witness.Ran);
    }

    [Fact]
    public async Task Deadline_PassesWhileItRuns_IsToldAndHasFailed()
    {
        await using var silos = await Start();
        var task = await silos.End(await Submit(silos, "sleep", """{"seconds":60}""", s => s with { Deadline = DateTimeOffset.UtcNow + Soon }));
        Assert.Equal((TaskState.Failed, TaskError.DeadlineExceeded, 1), (task.State, task.Error!.Code, task.Attempt));
    }

    private static async Task<TaskId> Submit(TestSilos silos, string kind, string payload, Func<TaskSubmission, TaskSubmission> more) =>
        Assert.IsType<TaskAccepted>(await silos.TrySubmit(kind, payload, more: more)).Receipt.TaskId;

    private static Task Waits(TestSilos silos, TaskId id) =>
        Deadline.Until("it waits", Limit, async () => (await silos.Grains.GetTask(id).Get())?.State == TaskState.Scheduled);

    private Task<TestSilos> Start(short silos = 1, int? slots = null) => TestSilos.Start(silos, workers: o => o.Concurrency = slots ?? o.Concurrency, services: s => Witness.Register(s, _witness));
}
