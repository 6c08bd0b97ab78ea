using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster.Reminders;
using MorningAI.Storage;
using MorningAI.Tests.Unit.Storage;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Cluster.Reminders;

/// <summary>Reminders of one silo, or two, on a table that goes away, forgets, and comes back.</summary>
public sealed class DurableReminderTableTests
{
    private static readonly GrainId Grain = GrainId.Create("g", "1");
    private static readonly IMeterFactory Meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero));
    private readonly FakeReminderTable _redis = new();
    private readonly FakeRecords _records = new();
    private readonly StoreHealth _health;
    private readonly DurableReminderTable _table;

    public DurableReminderTableTests()
    {
        _health = new StoreHealth(_time, NullLogger<StoreHealth>.Instance);
        _table = Silo();
    }

    [Fact]
    public async Task UpsertRow_StoreUp_IsInTheTableUnderItsEtag()
    {
        await _table.StartAsync(Token);
        var etag = await Register("a");

        Assert.Equal(etag, InRedis("a")!.ETag);
        Assert.Equal(etag, (await _table.ReadRow(Grain, "a", Token))!.ETag);
    }

    [Fact]
    public async Task UpsertRow_Again_IsTheNewerOne()
    {
        await _table.StartAsync(Token);
        var first = await Register("a");
        var second = await Register("a", period: 5);

        Assert.NotEqual(first, second);
        Assert.Equal((second, TimeSpan.FromMinutes(5)), (InRedis("a")!.ETag, InRedis("a")!.Schedule!.Value.Period));
    }

    [Fact]
    public async Task Reads_StoreDown_AnswerWhatIsKnown()
    {
        await _table.StartAsync(Token);
        var etag = await Register("a");
        Outage();

        Assert.Equal(etag, (await _table.ReadRow(Grain, "a", Token))!.ETag);
        Assert.Equal(etag, (await _table.ReadRows(Grain, Token)).Reminders.Single().ETag);
        Assert.Equal(etag, (await All()).Single().ETag);
    }

    [Fact]
    public async Task Reads_TableFailsAndNobodyHasNoticed_AnswerWhatIsKnown()
    {
        await _table.StartAsync(Token);
        await Register("a");
        _redis.Down = new OrleansException("the test wants it so");

        Assert.NotNull(await _table.ReadRow(Grain, "a", Token));
        Assert.Single((await _table.ReadRows(Grain, Token)).Reminders);
        Assert.Single(await All());
    }

    [Fact]
    public async Task Reads_RowsOfAnotherSilo_AreKnownInTheOutage()
    {
        await _table.StartAsync(Token);
        var other = Silo();
        await other.StartAsync(Token);
        await Register("a", on: other);
        Assert.Single(await All());
        Outage();

        Assert.Single(await All());
    }

    [Fact]
    public async Task ReadRows_OutsideTheRange_AreNotAmongThem()
    {
        await _table.StartAsync(Token);
        await Register("a");
        var hash = Grain.GetUniformHashCode();

        Assert.Single((await _table.ReadRows(hash - 1, hash, Token)).Reminders);
        Assert.Empty((await _table.ReadRows(hash, hash + 1, Token)).Reminders);
    }

    [Fact]
    public async Task ReadRows_ManyRangesAtOnce_OneReading()
    {
        await _table.StartAsync(Token);
        var gate = new TaskCompletionSource();
        (_redis.Reads, _redis.Gate) = (0, gate.Task);
        var reads = Enumerable.Range(0, 30).Select(i => _table.ReadRows((uint)i, (uint)i + 1, Token)).ToArray();
        gate.SetResult();
        await Task.WhenAll(reads).InTime();

        Assert.Equal(1, _redis.Reads);
    }

    [Fact]
    public async Task UpsertRow_StoreDown_IsDurableAtOnceAndInTheTableAfterwards()
    {
        await _table.StartAsync(Token);
        Outage();
        var etag = await Register("a");
        Assert.Equal(etag, ReminderRecords.FromWrite(_records.Writes.Single()).ETag);
        Assert.Equal(etag, (await All()).Single().ETag);
        Assert.Null(InRedis("a"));
        Back();

        await Until.True(() => InRedis("a")?.ETag == etag, "it is in the table");
    }

    [Fact]
    public async Task UpsertRow_TableFailsAndNobodyHasNoticed_IsInTheTableAfterwards()
    {
        await _table.StartAsync(Token);
        _redis.Down = new OrleansException("the test wants it so");
        var etag = await Register("a");
        _redis.Down = null;
        await All();

        Assert.Equal(etag, InRedis("a")!.ETag);
    }

    [Fact]
    public async Task UpsertRow_NobodyTakesIt_UnavailableAndThereIsNoSuchReminder()
    {
        await _table.StartAsync(Token);
        Outage();
        _records.Down = new StoreUnavailableException("the test wants it so");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Register("a"));
        Assert.Empty(await All());
    }

    [Fact]
    public async Task UpsertRow_AnotherSilosClockIsAhead_ComesAfterIt()
    {
        await _table.StartAsync(Token);
        var ahead = _time.GetUtcNow().AddMinutes(3).ToUnixTimeMilliseconds();
        var theirs = new ReminderRow(new ReminderKey(Grain, "a"), ReminderEtag.Of(ahead), new ReminderSchedule(DateTime.UnixEpoch, TimeSpan.FromMinutes(1)));
        _records.Put(ReminderRecords.ToWrite(theirs, writer: 1));
        _redis.Set(theirs);

        var etag = await Register("a");
        Assert.Equal(etag, InRedis("a")!.ETag);
        Assert.Equal(ahead + 1, InRedis("a")!.Stamp);
    }

    [Fact]
    public async Task RemoveRow_StoreUp_IsGone()
    {
        await _table.StartAsync(Token);
        var etag = await Register("a");

        Assert.True(await Remove("a", etag));
        Assert.False(InRedis("a")!.IsLive);
        Assert.Null(await _table.ReadRow(Grain, "a", Token));
        Assert.Empty((await _table.ReadRows(Grain, Token)).Reminders);
        Assert.Empty(await All());
        Assert.False(await Remove("a", etag));
    }

    [Fact]
    public async Task RemoveRow_AnotherEtag_IsRefused()
    {
        await _table.StartAsync(Token);
        var etag = await Register("a");
        await Register("a");

        Assert.False(await Remove("a", etag));
        Assert.Single(await All());
    }

    [Fact]
    public async Task RemoveRow_StoreDown_IsGoneAtOnceAndFromTheTableAfterwards()
    {
        await _table.StartAsync(Token);
        var etag = await Register("a");
        Outage();
        Assert.True(await Remove("a", etag));
        Assert.Empty(await All());
        Assert.Null(_records.Writes[^1].Body);
        Back();

        await Until.True(() => !InRedis("a")!.IsLive, "it is gone from the table");
        Assert.Empty(await All());
    }

    [Fact]
    public async Task RemoveRow_InAnOutageOfDays_IsGoneAfterwardsAndRememberedFromThenOn()
    {
        await _table.StartAsync(Token);
        var etag = await Register("a");
        Outage();
        await Remove("a", etag);
        _time.Advance(2 * DurableReminderTable.RemembersRemovals);
        Back();
        await Until.True(() => !InRedis("a")!.IsLive, "it is gone from the table");
        await All();

        Assert.False(InRedis("a")!.IsLive);
    }

    [Fact]
    public async Task RemoveRow_ADayAgo_IsForgotten()
    {
        await _table.StartAsync(Token);
        await Remove("a", await Register("a"));
        _time.Advance(DurableReminderTable.RemembersRemovals + TimeSpan.FromMinutes(1));
        await All();
        await All();

        Assert.Null(InRedis("a"));
    }

    [Fact]
    public async Task RemoveRow_RegisteredAgain_IsThere()
    {
        await _table.StartAsync(Token);
        await Remove("a", await Register("a"));
        var etag = await Register("a");

        Assert.Equal(etag, (await All()).Single().ETag);
        Assert.Equal(etag, InRedis("a")!.ETag);
    }

    [Fact]
    public async Task Flush_Noticed_RowsAreBackWithTheirEtags()
    {
        await _table.StartAsync(Token);
        var (a, b) = (await Register("a"), await Register("b"));
        await Remove("b", b);
        _redis.Rows = [];
        _health.LostData();

        await Until.True(() => InRedis("a")?.ETag == a && InRedis("b")?.IsLive == false, "they are back");
    }

    [Fact]
    public async Task Flush_NotNoticedYet_NoReadShowsATableWithoutThem()
    {
        await _table.StartAsync(Token);
        var etag = await Register("a");
        _redis.Rows = [];
        Assert.Equal(etag, (await _table.ReadRow(Grain, "a", Token))!.ETag);
        Assert.Equal(etag, InRedis("a")!.ETag);
        _redis.Rows = [];
        Assert.Equal(etag, (await _table.ReadRows(Grain, Token)).Reminders.Single().ETag);
        _redis.Rows = [];
        Assert.Equal(etag, (await All()).Single().ETag);
    }

    [Fact]
    public async Task Flush_LooksWhileAReadingFromBeforeIsUnderWay_RowsAreBack()
    {
        await _table.StartAsync(Token);
        var etag = await Register("a");
        var gate = new TaskCompletionSource();
        _redis.Gate = gate.Task;
        var before = All();
        _redis.Rows = [];
        _redis.Gate = Task.CompletedTask;
        _health.LostData();

        await Until.True(() => InRedis("a")?.ETag == etag, "it is back");
        gate.SetResult();
        await before.InTime();
    }

    [Fact]
    public async Task RolledBack_OlderRowAndARemovedOne_AreAsTheyWere()
    {
        await _table.StartAsync(Token);
        var (a, b) = (await Register("a"), await Register("b"));
        var snapshot = _redis.Rows;
        a = await Register("a", period: 9);
        await Remove("b", b);
        _redis.Rows = snapshot;
        _health.LostData();

        await Until.True(() => InRedis("a")!.ETag == a && !InRedis("b")!.IsLive, "they are as they were");
    }

    [Fact]
    public async Task RemovedByAnotherSilo_KnownHere_IsNotPutBack()
    {
        await _table.StartAsync(Token);
        var other = Silo();
        await other.StartAsync(Token);
        var etag = await Register("a");
        await other.RemoveRow(Grain, "a", etag, Token);

        Assert.Empty((await _table.ReadRows(Grain, Token)).Reminders);
        Assert.Null(await _table.ReadRow(Grain, "a", Token));
        Assert.Empty(await All());
        Assert.False(InRedis("a")!.IsLive);
    }

    [Fact]
    public async Task RemovedByAnotherSilo_AndFlushed_StaysRemoved()
    {
        await _table.StartAsync(Token);
        var other = Silo();
        await other.StartAsync(Token);
        var etag = await Register("a");
        await other.RemoveRow(Grain, "a", etag, Token);
        _redis.Rows = [];
        await All(); // this one does not know yet, and puts it back
        await other.ReadRows(0, 0, Token);

        Assert.Empty(await All());
        Assert.False(InRedis("a")!.IsLive);
    }

    [Fact]
    public async Task StockRow_IsReadUpdatedAndRemoved()
    {
        var stock = new ReminderRow(new ReminderKey(Grain, "a"), Guid.NewGuid().ToString(), new ReminderSchedule(DateTime.UnixEpoch, TimeSpan.FromMinutes(1)));
        _redis.Set(stock);
        _redis.Set(new ReminderRow(new ReminderKey(Grain, "b"), stock.ETag, stock.Schedule));
        await _table.StartAsync(Token);

        Assert.Equal(2, (await All()).Count);
        Assert.True(await Remove("a", stock.ETag));
        var etag = await Register("b");
        Assert.Equal(etag, (await All()).Single().ETag);
    }

    [Fact]
    public async Task StartAsync_StoreDown_WaitsForIt()
    {
        _redis.Down = new OrleansException("the test wants it so");
        var start = _table.StartAsync(Token);
        await Until.Passes(_time, TimeSpan.FromMinutes(1), () => _time.GetUtcNow().Hour >= 12, "hours pass");
        Assert.False(start.IsCompleted);
        _redis.Down = null;

        await Until.Passes(_time, TimeSpan.FromSeconds(1), () => start.IsCompletedSuccessfully, "it starts");
    }

    [Fact]
    public async Task StartAsync_Cancelled_Ends()
    {
        _redis.Down = new OrleansException("the test wants it so");
        using var stop = new CancellationTokenSource();
        var start = _table.StartAsync(stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.InTime());
    }

    [Fact]
    public async Task StartAsync_WrittenInAnOutageByALifeThatDiedInIt_IsInTheTable()
    {
        await _table.StartAsync(Token);
        var b = await Register("b");
        Outage();
        var a = await Register("a");
        await Remove("b", b);
        _table.Dispose();
        Back();

        var next = Silo(_records.Writes);
        await next.StartAsync(Token);

        Assert.Equal(a, InRedis("a")!.ETag);
        Assert.False(InRedis("b")!.IsLive);
        Assert.Equal("a", (await next.ReadRows(0, 0, Token)).Reminders.Single().ReminderName);
    }

    [Fact]
    public async Task StopAsync_TableMissesSomething_GetsIt()
    {
        await _table.StartAsync(Token);
        _redis.Down = new OrleansException("the test wants it so");
        var etag = await Register("a");
        _redis.Down = null;
        await _table.StopAsync(Token);

        Assert.Equal(etag, InRedis("a")!.ETag);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DurableReminderTable Silo(IReadOnlyList<RecordWrite>? kept = null) => new(
        _redis,
        _redis,
        _records,
        _ => Task.FromResult(kept ?? []),
        _health,
        new DurableStorageOptions(),
        new ReminderMetrics(Meters),
        _time,
        NullLogger<DurableReminderTable>.Instance);

    private void Outage()
    {
        _redis.Down = new OrleansException("the test wants it so");
        _health.ProbeFailed(StoreFault.Unreachable);
    }

    private void Back()
    {
        _redis.Down = null;
        _health.ProbeAnswered(TimeSpan.FromMilliseconds(1));
        _health.CaughtUp();
    }

    private async Task<string> Register(string name, int period = 1, DurableReminderTable? on = null) => (await (on ?? _table).UpsertRow(new ReminderEntry
    {
        GrainId = Grain,
        ReminderName = name,
        StartAt = _time.GetUtcNow().UtcDateTime,
        Period = TimeSpan.FromMinutes(period),
    }, Token).InTime())!;

    private Task<bool> Remove(string name, string etag) => _table.RemoveRow(Grain, name, etag, Token).InTime();

    private async Task<IList<ReminderEntry>> All() => (await _table.ReadRows(0, 0, Token).InTime()).Reminders;

    private ReminderRow? InRedis(string name) => _redis.Rows.GetValueOrDefault(new ReminderKey(Grain, name));
}
