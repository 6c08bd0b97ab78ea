using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>Reminders on a real Redis that dies and forgets.</summary>
public sealed class ReminderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Reminded _reminded = new();

    [Fact]
    public async Task Fire_RedisKilled_GoesOnOncePerDueTimeAndNobodyComplains()
    {
        var complaints = new ReminderComplaints();
        await using var silos = await Start(services: s => s.AddSingleton<ILoggerProvider>(complaints));
        await Grain(silos).Register("tick", Second, Second);
        await Fires(3);
        await silos.Redis.Kill();
        await Down(silos);
        await Fires(_reminded.Fired("g", "tick").Count + 3);
        await silos.Redis.Begin();
        await Healthy(silos);
        await Fires(_reminded.Fired("g", "tick").Count + 3);

        var due = _reminded.Fired("g", "tick");
        Assert.Equal(due.Distinct(), due);
        Assert.Empty(complaints.Said);
    }

    [Fact]
    public async Task Start_RedisDown_TheSiloWaitsAndJoinsAfterwards()
    {
        await using var silos = await Start();
        await Grain(silos).Register("tick", Second, Second);
        await silos.Redis.Kill();
        await Down(silos);
        var start = silos.Cluster.StartAdditionalSiloAsync();
        await AllFire(["g"], 2);
        Assert.False(start.IsCompleted);
        await silos.Redis.Begin();

        await start.WaitAsync(Limit);
        await AllFire(["g"], 2);
    }

    [Fact]
    public async Task Register_RedisDown_FiresAndIsInRedisAfterwards()
    {
        await using var silos = await Start();
        await Grain(silos).Register("far", Hour, Hour);
        await silos.Redis.Kill();
        await Down(silos);
        await Grain(silos).Register("tick", Second, Second);
        await Fires(2);
        Assert.Equal(["far", "tick"], (await Grain(silos).Names()).Order());
        await silos.Redis.Begin();

        await Stored(silos, "tick", 1);
        await Fires(_reminded.Fired("g", "tick").Count + 2);
        var due = _reminded.Fired("g", "tick");
        Assert.Equal(due.Distinct(), due);
    }

    [Fact]
    public async Task Unregister_RedisDown_IsGoneAfterwards()
    {
        await using var silos = await Start();
        await Grain(silos).Register("far", Hour, Hour);
        await Grain(silos).Register("other", Hour, Hour);
        await Stored(silos, "far", 1);
        await silos.Redis.Kill();
        await Down(silos);
        Assert.True(await Grain(silos).Unregister("far"));
        Assert.Equal(["other"], await Grain(silos).Names());
        await silos.Redis.Begin();

        await Stored(silos, "far", 0);
        await Stored(silos, "other", 1);
        Assert.Equal(["other"], await Grain(silos).Names());
    }

    [Fact]
    public async Task Flush_RowsAreBackAndRemovedOnesAreNot()
    {
        await using var silos = await Start(silos: 2);
        await Grain(silos).Register("tick", Second, Second);
        await Grain(silos).Register("gone", Hour, Hour);
        await Fires(1);
        Assert.True(await Grain(silos).Unregister("gone"));
        await Flush(silos);

        await Stored(silos, "tick", 1);
        await Fires(_reminded.Fired("g", "tick").Count + 2);
        Assert.Equal(["tick"], await Grain(silos).Names());
        await Stored(silos, "gone", 0);
        var due = _reminded.Fired("g", "tick");
        Assert.Equal(due.Distinct(), due);
    }

    [Fact]
    public async Task Flush_ThenAnotherSiloStarts_FiresOncePerDueTime()
    {
        await using var silos = await Start();
        var names = Enumerable.Range(0, 8).Select(i => $"g{i}").ToArray();
        foreach (var name in names)
            await Grain(silos, name).Register("tick", Second, Second);
        await Flush(silos);
        await silos.Cluster.StartAdditionalSiloAsync();
        await AllFire(names, 2); // by then every silo knows which reminders are whose: until then two may fire one, with any table
        var before = names.ToDictionary(n => n, n => _reminded.Fired(n, "tick").Max());
        await AllFire(names, 3);

        foreach (var name in names)
        {
            var due = _reminded.Fired(name, "tick").Where(d => d > before[name]).ToArray();
            Assert.Equal(due.Distinct(), due);
        }

        await Stored(silos, "tick", names.Length);
    }

    [Fact]
    public async Task Fire_RedisDownAndItsSiloDies_AnotherGoesOn()
    {
        await using var silos = await Start(silos: 2);
        var names = Enumerable.Range(0, 8).Select(i => $"g{i}").ToArray();
        foreach (var name in names)
            await Grain(silos, name).Register("tick", Second, Second);
        var survivor = silos.Cluster.Silos[0].ServiceProvider.GetRequiredService<IReminderTable>();
        await Deadline.Until("the survivor has read the table since", Limit, async () =>
            (await survivor.ReadRows(0, 0)).Reminders.Count(r => r.ReminderName == "tick") == names.Length);
        await silos.Redis.Kill();
        await Down(silos);
        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[1]);

        await AllFire(names, 2);
    }

    [Fact]
    public async Task Register_RedisDownAndTheSiloDiesInIt_IsInRedisWhenItIsBackWithItsJournal()
    {
        var journal = new MemoryJournal(new StorageFaults());
        await using var silos = await Start(services: s => s.AddSingleton<IJournal>(journal));
        await Grain(silos).Register("far", Hour, Hour);
        await silos.Redis.Kill();
        await Down(silos);
        await Grain(silos).Register("tick", Second, Second);
        Assert.True(await Grain(silos).Unregister("far"));
        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[0]);
        await silos.Redis.Begin();
        var before = _reminded.Fired("g", "tick").Count;
        await silos.Cluster.StartAdditionalSiloAsync();

        await Stored(silos, "tick", 1);
        await Stored(silos, "far", 0);
        await Fires(before + 1);
    }

    [Fact]
    public async Task Flush_WhileNoSiloIsThere_RowsAreBackWithTheJournal()
    {
        var journal = new MemoryJournal(new StorageFaults());
        await using var silos = await Start(services: s => s.AddSingleton<IJournal>(journal));
        await Grain(silos).Register("far", Hour, Hour);
        await Stored(silos, "far", 1);
        await silos.Cluster.KillSiloAsync(silos.Cluster.Silos[0]);
        await Flush(silos);
        await silos.Cluster.StartAdditionalSiloAsync();

        await Stored(silos, "far", 1);
    }

    private Task<TestSilos> Start(short silos = 1, Action<IServiceCollection>? services = null) => TestSilos.Start(silos, services: s =>
    {
        s.AddSingleton(_reminded);
        services?.Invoke(s);
    });

    private static IRememberingGrain Grain(TestSilos silos, string name = "g") => silos.Grains.GetGrain<IRememberingGrain>(name);

    /// <summary>Each as many times more.</summary>
    private Task AllFire(string[] grains, int times)
    {
        var before = grains.ToDictionary(g => g, g => _reminded.Fired(g, "tick").Count);
        return Deadline.Until($"each fired {times} times more", Limit, () => Task.FromResult(grains.All(g => _reminded.Fired(g, "tick").Count >= before[g] + times)));
    }

    private Task Fires(int times, string grain = "g") =>
        Deadline.Until($"{grain} fired {times} times", Limit, () => Task.FromResult(_reminded.Fired(grain, "tick").Count >= times), () => $"{_reminded.Fired(grain, "tick").Count}");

    private static Task Down(TestSilos silos) => Deadline.Until("it is down", Limit, () => Task.FromResult(silos.Health.State == StoreState.Down));

    private static Task Healthy(TestSilos silos) => Deadline.Until("it is healthy", Limit, () => Task.FromResult(silos.Health.State == StoreState.Healthy));

    /// <summary>In the stock table: as any other program would find it.</summary>
    private static async Task Stored(TestSilos silos, string name, int times)
    {
        await using var redis = await Connect(silos);
        string[] rows = [];
        await Deadline.Until($"{name} is in the table {times} times", Limit, async () =>
        {
            rows = (await redis.GetDatabase().SortedSetRangeByRankAsync($"{silos.Cluster.Options.ServiceId}/reminders")).Select(r => (string)r!).ToArray();
            return rows.Count(r => r.Contains($"\"{name}\"", StringComparison.Ordinal)) == times;
        }, () => string.Join('\n', rows));
    }

    private static async Task Flush(TestSilos silos)
    {
        await using var redis = await Connect(silos);
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
    }

    private static Task<ConnectionMultiplexer> Connect(TestSilos silos) => ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{silos.Redis.Port},allowAdmin=true");
}
