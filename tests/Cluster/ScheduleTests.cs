using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Orleans.Runtime;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Schedules on silos and a Redis that die and forget.</summary>
public sealed class ScheduleTests
{
    private const string EverySecond = "* * * * * *";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly ScheduleName Name = ScheduleName.Parse("s");
    private readonly Witness _witness = new();
    private readonly ShiftedTime _time = new();

    [Fact]
    public async Task Fire_SiloKilled_EachDueTimeOnce()
    {
        await using var silos = await Start(2);
        var names = Enumerable.Range(0, 8).Select(i => ScheduleName.Parse($"s{i}")).ToArray();
        foreach (var name in names)
            await Put(silos, EverySecond, name);
        foreach (var name in names)
            await Fires(silos, 2, name);
        await silos.Kill(silos.Cluster.Silos[1]);
        var before = new List<long>();
        foreach (var name in names)
            before.Add((await Get(silos, name)).Fired);
        for (var i = 0; i < names.Length; i++)
            await Fires(silos, before[i] + 3, names[i]);

        await EachDueTimeOnce(silos, names);
    }

    [Fact]
    public async Task Fire_RedisKilledAndBack_EachDueTimeOnce()
    {
        await using var silos = await Start();
        await Put(silos, EverySecond);
        await Fires(silos, 1);
        await silos.Redis.Kill();
        await Deadline.Until("it is down", Limit, () => Task.FromResult(silos.Health.State == StoreState.Down));
        await Fires(silos, (await Get(silos)).Fired + 3);
        await silos.Redis.Begin();
        await Healthy(silos);
        await Fires(silos, (await Get(silos)).Fired + 2);

        await EachDueTimeOnce(silos, Name);
    }

    [Fact]
    public async Task Fire_RedisEmptied_GoesOnAndIsPutBack()
    {
        await using var silos = await Start();
        await Put(silos, EverySecond);
        var far = ScheduleName.Parse("far");
        await Put(silos, "0 0 1 1 *", far);
        await Fires(silos, 1);
        await using (var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{silos.Redis.Port},allowAdmin=true"))
        {
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
            await Deadline.Until("both are back", Limit, async () =>
                (await Task.WhenAll(redis.GetServers()[0].Keys(pattern: "test:*:schedule:*").Select(k => redis.GetDatabase().KeyExistsAsync(k)))).Length >= 2);
        }

        await Fires(silos, (await Get(silos)).Fired + 2);
        await EachDueTimeOnce(silos, Name);
        Assert.NotNull((await Get(silos, far)).NextDue);
    }

    [Fact]
    public async Task PauseAndResume_WhatThePauseCoveredIsNotMadeUpFor()
    {
        await using var silos = await Start();
        await Put(silos, "@hourly", misfire: MisfirePolicy.All);
        var paused = (await Ask(() => Schedule(silos).Pause("eve")))!;
        var again = (await Ask(() => Schedule(silos).Pause("adam")))!;
        _time.Shift += TimeSpan.FromHours(5);
        var resumed = (await Ask(() => Schedule(silos).Resume()))!;

        Assert.Equal("eve", paused.Paused!.By);
        Assert.Equal(paused.Paused, again.Paused);
        Assert.Null(paused.NextDue);
        Assert.Null(resumed.Paused);
        Assert.True(resumed.NextDue > _time.GetUtcNow());
        Assert.Equal(0, resumed.Fired);
        _time.Shift += TimeSpan.FromHours(1);
        await Fires(silos, 1);
    }

    [Fact]
    public async Task Trigger_PausedAndRepeated_OneTaskRuns()
    {
        await using var silos = await Start();
        await Put(silos, "@yearly");
        await Ask(() => Schedule(silos).Pause(null));
        var unique = Guid.NewGuid();
        var first = Assert.IsType<TaskAccepted>(await Ask(() => Schedule(silos).Trigger(unique)));
        var second = Assert.IsType<TaskAccepted>(await Ask(() => Schedule(silos).Trigger(unique)));

        Assert.Equal(first.Receipt.TaskId, second.Receipt.TaskId);
        Assert.Equal(TaskState.Succeeded, (await silos.End(first.Receipt.TaskId)).State);
        Assert.Equal(first.Receipt.TaskId, (await Get(silos)).LastTask);
        Assert.Null(await Ask(() => silos.Grains.GetSchedule(ScheduleName.Parse("none")).Trigger(unique)));
    }

    [Fact]
    public async Task Remove_Schedule_FiresNoMoreAndIsNotListed()
    {
        await using var silos = await Start();
        await Put(silos, EverySecond);
        await Fires(silos, 1);
        await Deadline.Until("it is removed", Limit, async () => !await Ask(() => Schedule(silos).Remove()));
        var (schedules, next) = await Ask(() => silos.Grains.ListSchedules(null, 10));

        Assert.Empty(schedules);
        Assert.Null(next);
        Assert.Null(await Ask(() => Schedule(silos).Get()));
        await Deadline.Until("the directory forgets it", Limit, async () => (await Ask(() => silos.Grains.GetScheduleDirectory(Name).List(null, 10))).Length == 0);
        await Put(silos, EverySecond); // a name may be used again
        await Fires(silos, 1);
    }

    [Theory]
    [InlineData(MisfirePolicy.Once, 1)]
    [InlineData(MisfirePolicy.All, 5)]
    [InlineData(MisfirePolicy.Skip, 0)]
    public async Task Fire_AfterADowntime_AsThePolicySays(MisfirePolicy policy, int expected)
    {
        _time.Shift += TimeSpan.FromHours(12.1) - _time.GetUtcNow().TimeOfDay; // six past twelve: the jump below meets no due time in its last minute
        await using var silos = await Start();
        var stored = await Put(silos, "@hourly", misfire: policy);
        _time.Shift += TimeSpan.FromHours(5);
        await Deadline.Until("it has decided", Limit, async () => (await Get(silos)).NextDue > stored.NextDue + TimeSpan.FromHours(4));

        Assert.Equal(expected, (await Get(silos)).Fired);
        await Deadline.Until("as many ran", Limit, () => Task.FromResult(_witness.Ran.Count == expected));
    }

    [Fact]
    public async Task Fire_TaskBeforeRuns_IsPassedOverUntilItEnds()
    {
        await using var silos = await Start();
        await Put(silos, EverySecond, kind: "hold", overlap: OverlapPolicy.Skip);
        await Deadline.Until("some are passed over", Limit, async () => (await Get(silos)).Overlapped >= 2);
        Assert.Equal(1, (await Get(silos)).Fired);
        _witness.Gate.SetResult();

        await Fires(silos, 3);
    }

    [Fact]
    public async Task Put_Again_NewTermsAndOldCounts()
    {
        await using var silos = await Start();
        await Put(silos, EverySecond);
        await Fires(silos, 1);
        var changed = await Put(silos, "@yearly");

        Assert.True(changed.Fired >= 1);
        Assert.True(changed.NextDue > _time.GetUtcNow().AddSeconds(5));
        await EachDueTimeOnce(silos, Name);
    }

    [Fact]
    public async Task Put_Refused_NothingIsStored()
    {
        await using var silos = await Start();
        var outcome = await Ask(() => Schedule(silos).Put(Spec("61 * * * *")));

        Assert.Equal("cron", Assert.IsType<ScheduleRefused>(outcome).Field);
        Assert.Null(await Ask(() => Schedule(silos).Get()));
        Assert.Empty((await Ask(() => silos.Grains.ListSchedules(null, 10))).Schedules);
    }

    [Fact]
    public async Task List_InPages_AllByName()
    {
        await using var silos = await Start();
        string[] names = [.. Enumerable.Range(0, 25).Select(i => $"n{i:00}")];
        foreach (var name in names.Reverse())
            await Put(silos, "@yearly", ScheduleName.Parse(name));
        List<string> seen = [];
        ScheduleName? after = null;
        do
        {
            var (schedules, next) = await Ask(() => silos.Grains.ListSchedules(after, 10));
            seen.AddRange(schedules.Select(s => s.Name.Value));
            after = next;
        }
        while (after is not null);

        Assert.Equal(names, seen);
    }

    private async Task<TestSilos> Start(short silos = 1) => await TestSilos.Start(silos, services: s =>
    {
        Witness.Register(s, _witness);
        s.AddSingleton<TimeProvider>(_time);
    });

    private static IScheduleGrain Schedule(TestSilos silos) => silos.Grains.GetSchedule(Name);

    private static ScheduleSpec Spec(string cron, string kind = "note", MisfirePolicy misfire = MisfirePolicy.Once, OverlapPolicy overlap = OverlapPolicy.Allow) =>
        new() { Cron = cron, Kind = TaskKind.Parse(kind), Payload = Encoding.UTF8.GetBytes("\"fired\""), Misfire = misfire, Overlap = overlap };

    private static async Task<ScheduleSnapshot> Put(TestSilos silos, string cron, ScheduleName? name = null, string kind = "note", MisfirePolicy misfire = MisfirePolicy.Once, OverlapPolicy overlap = OverlapPolicy.Allow) =>
        Assert.IsType<ScheduleStored>(await Ask(() => silos.Grains.GetSchedule(name ?? Name).Put(Spec(cron, kind, misfire, overlap)))).Schedule;

    private static async Task<ScheduleSnapshot> Get(TestSilos silos, ScheduleName? name = null) => (await Ask(() => silos.Grains.GetSchedule(name ?? Name).Get()))!;

    private static async Task Fires(TestSilos silos, long count, ScheduleName? name = null)
    {
        ScheduleSnapshot? seen = null;
        await Deadline.Until($"{count} firings", Limit, async () => (seen = await Get(silos, name)).Fired >= count, () => $"{seen}");
    }

    private static Task Healthy(TestSilos silos) =>
        Deadline.Until("the store is healthy", Limit, () => Task.FromResult(silos.Health.State == StoreState.Healthy), () => $"{silos.Health.State} {silos.Health.Fault}");

    /// <summary>Every second from the first due time to the last one has its task, and there are no others.</summary>
    private static async Task EachDueTimeOnce(TestSilos silos, params ScheduleName[] names)
    {
        List<ScheduleSnapshot> ended = [];
        foreach (var name in names)
        {
            await Ask(() => silos.Grains.GetSchedule(name).Pause(null));
            ended.Add(await Get(silos, name));
        }

        long all = 0;
        foreach (var schedule in ended)
        {
            var first = new DateTimeOffset(schedule.CreatedAt.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero).AddSeconds(1);
            var due = (long)(schedule.LastDue!.Value - first).TotalSeconds + 1;
            Assert.Equal(due, schedule.Fired);
            for (var i = 0; i < due; i++)
                Assert.Equal(TaskState.Succeeded, (await silos.End(Firing.IdOf(schedule.Name, QueueName.Default, 1, first.AddSeconds(i)))).State);
            all += due;
        }

        long? stored = null;
        await Deadline.Until("there are no other tasks", Limit, async () =>
            (stored = (await Ask(() => silos.Grains.GetPartition(new PartitionId(QueueName.Default, 0)).GetStatus())).Stored?.Sum()) == all, () => $"{stored} of {all}");
    }

    /// <summary>As a client does: what cannot be had now is asked for again.</summary>
    private static async Task<T> Ask<T>(Func<Task<T>> call)
    {
        var answer = default(T)!;
        var reason = "";
        await Deadline.Until("an answer", Limit, async () =>
        {
            try
            {
                answer = await call();
                return true;
            }
            catch (Exception e) when (e is StoreUnavailableException or OrleansException or TimeoutException)
            {
                reason = e.Message;
                return false;
            }
        }, () => reason);
        return answer;
    }
}
