using Microsoft.Extensions.Logging.Abstractions;
using MorningAI.Cluster.Reminders;
using MorningAI.Storage;
using MorningAI.Tests.Harness;
using Orleans.Runtime;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>The script and the pages, on a real server.</summary>
public sealed class RedisReminderRowsTests : IAsyncLifetime
{
    private const string Table = "test/reminders";
    private RedisServer _redis = null!;
    private StoreConnection _store = null!;
    private RedisReminderRows _rows = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.Start();
        _store = await StoreConnection.Open($"127.0.0.1:{_redis.Port}");
        _rows = new RedisReminderRows(_store, Table, TimeSpan.FromSeconds(10), TimeProvider.System, NullLogger.Instance);
    }

    [Fact]
    public async Task Put_NewerOrOlderOrTheSame_TheNewestStays()
    {
        Assert.Equal(1, await _rows.Put([Row("a", 5)]));
        Assert.Equal(0, await _rows.Put([Row("a", 4)]));
        Assert.Equal(0, await _rows.Put([Row("a", 5)]));
        Assert.Equal(1, await _rows.Put([Row("a", 6)]));

        Assert.Equal(6, (await _rows.Read()).Single().Stamp);
    }

    [Fact]
    public async Task Put_Removal_TakesTheRowsPlaceUntilANewerOne()
    {
        await _rows.Put([Row("a", 5), Row("ab", 5)]);
        Assert.Equal(1, await _rows.Put([Row("a", 6, isLive: false)]));
        Assert.Equal(0, await _rows.Put([Row("a", 5)]));
        Assert.Equal(["a False", "ab True"], await Seen());
        Assert.Equal(1, await _store.Database.SortedSetLengthAsync(Table));
        Assert.Equal(1, await _rows.Put([Row("a", 7)]));

        Assert.Equal(["a True", "ab True"], await Seen());
    }

    [Fact]
    public async Task Put_OverARowOfTheStockTable_TakesItsPlace()
    {
        var stock = new ReminderRow(Row("a", 1).Key, Guid.NewGuid().ToString(), Row("a", 1).Schedule);
        await _store.Database.SortedSetAddAsync(Table, stock.Member, 0);
        Assert.Equal(0, await _rows.Put([stock]));
        Assert.Equal(1, await _rows.Put([Row("a", 1)]));

        Assert.Equal(1, (await _rows.Read()).Single().Stamp);
    }

    [Fact]
    public async Task Forget_ARemoval_IsGone()
    {
        var removed = Row("a", 6, isLive: false);
        await _rows.Put([removed, Row("b", 6)]);
        await _rows.Forget([removed]);

        Assert.Equal(["b True"], await Seen());
    }

    [Fact]
    public async Task Read_ManyPagesAndNamesOfAnyKind_AllOfThem()
    {
        var rows = Enumerable.Range(0, 2500).Select(i => Row($"a \"{i}\" \\ [é/#,]", i + 1, isLive: i % 5 > 0)).ToArray();
        Assert.Equal(rows.Length, await _rows.Put(rows));
        Assert.Equal(0, await _rows.Put(rows));

        Assert.Equal(rows.Select(r => r.Member).Order(StringComparer.Ordinal), (await _rows.Read()).Select(r => r.Member).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Read_SomethingElseAmongThem_IsPassedOver()
    {
        await _rows.Put([Row("a", 5)]);
        await _store.Database.SortedSetAddAsync(Table, "not a reminder", 0);

        Assert.Equal(["a True"], await Seen());
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task<string[]> Seen() => [.. (await _rows.Read()).Select(r => $"{r.Key.Name} {r.IsLive}").Order(StringComparer.Ordinal)];

    private static ReminderRow Row(string name, long stamp, bool isLive = true) =>
        new(new ReminderKey(GrainId.Create("g", "1"), name), ReminderEtag.Of(stamp), isLive ? new ReminderSchedule(DateTime.UnixEpoch, TimeSpan.FromMinutes(1)) : null);
}
