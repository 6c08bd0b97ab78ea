using System.Text;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using StackExchange.Redis;
using Xunit;

namespace MorningAI.Tests.Cluster;

/// <summary>What the script does with a batch, on a real store: all of design's conflict rules.</summary>
public sealed class RedisRecordsTests : IAsyncLifetime
{
    private const ulong A = 0xa, B = 0xb;
    private const string Silo = "127.0.0.1:11111@1";
    private static readonly PartitionId Partition = new(QueueName.Default, 0);
    private static readonly string Tag = Partition.ToString();
    private readonly RecordKey _key = AnotherKey();
    private RedisServer _server = null!;
    private StoreConnection _connection = null!;
    private RedisRecords _store = null!;
    private long _seq;

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.Start();
        _connection = await StoreConnection.Open($"127.0.0.1:{_server.Port}");
        _store = new RedisRecords(_connection, new RedisKeys("test", "one"), Guid.NewGuid(), Silo, TimeSpan.FromSeconds(10), TimeProvider.System, StoreCalls.Plain);
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Apply_BatchThatFollows_IsAppliedAndMovesTheCursor()
    {
        Assert.Equal(WriteResult.Stored, await Put(1, 0, A, TaskState.Queued));
        Assert.Equal(_seq, await _store.Cursor(Tag));
        Assert.Equal(WriteResult.Stored, await Put(2, 0, A, TaskState.Running));
        Assert.Equal((0, 1), (await Listed(TaskState.Queued), await Listed(TaskState.Running)));
    }

    [Fact]
    public async Task Apply_BatchAfterAGap_IsRefusedAndChangesNothing()
    {
        await Put(1, 0, A, TaskState.Queued);
        var answer = await _store.Apply(Tag, [Entry(2, 0, A, TaskState.Running, seq: 9)], follows: 8);
        Assert.Null(answer.Outcomes);
        Assert.Equal(_seq, answer.Cursor);
        Assert.Equal(1, await Listed(TaskState.Queued));
    }

    [Fact]
    public async Task Apply_CreatesAfterAGap_AreRefusedAndChangeNothing()
    {
        await Put(1, 0, A, TaskState.Queued);
        var answer = await _store.Apply(Tag, [Entry(1, 0, A, TaskState.Queued, seq: 9, key: AnotherKey())], follows: 8);
        Assert.Null(answer.Outcomes);
        Assert.Equal((_seq, 1), (answer.Cursor, await Listed(TaskState.Queued)));
    }

    [Fact]
    public async Task Apply_CreatesOfOneState_AreStoredAndListedInTheOrderOfTheirScores()
    {
        JournalEntry[] entries = [.. Enumerable.Range(0, 100).Select(n => Created(TaskState.Queued, AnotherKey(), score: 100 - n))];
        var answer = await _store.Apply(Tag, entries, 0);
        Assert.All(answer.Outcomes!, outcome => Assert.Equal(WriteResult.Stored, outcome.Result));
        Assert.Equal((_seq, _seq), (answer.Cursor, await _store.Cursor(Tag)));
        Assert.Equal(entries.Reverse().Select(e => e.Write.Key.Id), (await _store.List(Partition, TaskState.Queued, 0, 200)).Select(e => Base32.Encode(e.Task)));
        Assert.Equal(entries.Select(e => e.Write.Body), await Task.WhenAll(entries.Select(async e => StoredRecord.Parse((await _store.Read(e.Write.Key))!).Body.ToArray())));
    }

    [Fact]
    public async Task Apply_CreatesOfWhichOneIsThere_TheOthersAreStored()
    {
        await Put(1, 0, B, TaskState.Queued, "first");
        var answer = await _store.Apply(Tag, [Created(TaskState.Queued, AnotherKey()), Created(TaskState.Queued, _key), Created(TaskState.Queued, AnotherKey())], 1);
        Assert.Equal([WriteResult.Stored, WriteResult.Exists, WriteResult.Stored], answer.Outcomes!.Select(o => o.Result));
        Assert.Equal((_seq, 3, "first"), (await _store.Cursor(Tag), await Listed(TaskState.Queued), await Body()));
    }

    [Fact]
    public async Task Apply_CreatesOfOneKeyTwice_TheFirstIsStored()
    {
        var answer = await _store.Apply(Tag, [Entry(1, 0, A, TaskState.Queued, body: "first"), Entry(1, 0, B, TaskState.Queued, body: "second")], 0);
        Assert.Equal([WriteResult.Stored, WriteResult.Exists], answer.Outcomes!.Select(o => o.Result));
        Assert.Equal("first", await Body());
    }

    [Fact]
    public async Task Apply_CreatesOfTwoStates_AreListedInTheirs()
    {
        await _store.Apply(Tag, [Created(TaskState.Queued, AnotherKey()), Created(TaskState.Scheduled, AnotherKey())], 0);
        Assert.Equal((1, 1), (await Listed(TaskState.Queued), await Listed(TaskState.Scheduled)));
    }

    [Fact]
    public async Task Apply_TheSameAgain_IsRepeated()
    {
        await Put(2, 1, A, TaskState.Running);
        Assert.Equal(WriteResult.Repeated, await Put(2, 1, A, TaskState.Running));
        Assert.Equal(WriteResult.Repeated, await Put(1, 1, A, TaskState.Queued));
        Assert.Equal(1, await Listed(TaskState.Running));
    }

    [Fact]
    public async Task Apply_CreateWhereSomethingIs_AnswersWithItsBytes()
    {
        await Put(1, 0, A, TaskState.Queued, "first");
        var outcome = await PutOutcome(Entry(1, 0, B, TaskState.Queued, body: "second"));
        Assert.Equal(WriteResult.Exists, outcome.Result);
        Assert.Equal("first", Encoding.UTF8.GetString(StoredRecord.Parse(outcome.Existing!).Body.Span));
    }

    [Fact]
    public async Task Apply_AnotherWriterSinceItWasLoaded_IsAConflict()
    {
        await Put(3, 0, A, TaskState.Queued);
        Assert.Equal(WriteResult.Conflict, await Put(4, 2, B, TaskState.Running));
        Assert.Equal(WriteResult.Stored, await Put(4, 3, B, TaskState.Running));
    }

    [Fact]
    public async Task Apply_AcknowledgedEndAgainstALaterRun_Wins_AndTheLaterRunFindsOut()
    {
        await Put(2, 0, A, TaskState.Running);
        await Put(5, 2, B, TaskState.Running);
        Assert.Equal(WriteResult.Stored, await Put(3, 1, A, TaskState.Succeeded, "done", acknowledged: true));
        Assert.Equal(WriteResult.Conflict, await Put(6, 2, B, TaskState.Queued));
        Assert.Equal(WriteResult.Conflict, await Put(6, 5, B, TaskState.Queued)); // also where it was loaded later
        Assert.Equal(("done", 1, 0), (await Body(), await Listed(TaskState.Succeeded), await Listed(TaskState.Running)));
    }

    [Fact]
    public async Task Apply_EndThatNobodyWasTold_AgainstALaterRun_IsAConflict()
    {
        await Put(2, 0, A, TaskState.Running);
        await Put(5, 2, B, TaskState.Running);
        Assert.Equal(WriteResult.Conflict, await Put(3, 1, A, TaskState.Succeeded));
    }

    [Fact]
    public async Task Apply_AcknowledgedEndAgainstAnEnd_TheFirstStays()
    {
        await Put(5, 2, B, TaskState.Succeeded, "first");
        Assert.Equal(WriteResult.Conflict, await Put(3, 1, A, TaskState.Failed, "second", acknowledged: true));
        Assert.Equal("first", await Body());
    }

    /// <summary>By another writer, whatever it had loaded, and by its own, which may not know that its end has landed.</summary>
    [Theory]
    [InlineData(A)]
    [InlineData(B)]
    public async Task Apply_ToATaskThatHasEnded_UndoesNoEnd(ulong writer)
    {
        await Put(2, 1, A, TaskState.Succeeded, "ended");
        Assert.Equal(WriteResult.Conflict, await Put(3, 2, writer, TaskState.Queued));
        Assert.Equal(WriteResult.Conflict, await Put(4, 3, writer, TaskState.Running, acknowledged: true));
        Assert.Equal("ended", await Body());
        Assert.Equal(WriteResult.Stored, await Put(5, 4, writer, TaskState.Cancelled));
    }

    [Fact]
    public async Task Apply_OfASiloThatWasFoundDead_MovesNoTaskOn_AndTakesTasksIn()
    {
        var other = AnotherKey();
        await Put(1, 0, A, TaskState.Queued, "waits");
        await _store.Fence(Tag, ["127.0.0.1:11112@1", Silo]);
        Assert.Equal(WriteResult.Conflict, await Put(2, 1, A, TaskState.Succeeded, "late"));
        Assert.Equal(WriteResult.Stored, (await PutOutcome(Entry(1, 0, A, TaskState.Queued, key: other))).Result);
        Assert.Equal(("waits", 2, 0), (await Body(), await Listed(TaskState.Queued), await Listed(TaskState.Succeeded)));
    }

    [Fact]
    public async Task Apply_AcknowledgedEndOfASiloThatWasFoundDead_IsStored()
    {
        await Put(1, 0, A, TaskState.Queued);
        await _store.Fence(Tag, [Silo]);
        Assert.Equal(WriteResult.Stored, await Put(2, 1, A, TaskState.Succeeded, "done", acknowledged: true));
    }

    [Fact]
    public async Task Apply_AfterAnotherLifeWasFoundDead_IsStored()
    {
        await _store.Fence(Tag, ["127.0.0.1:11111@0"]);
        await Put(1, 0, A, TaskState.Queued);
        Assert.Equal(WriteResult.Stored, await Put(2, 1, A, TaskState.Succeeded));
    }

    [Theory]
    [InlineData("somebody's text")]
    [InlineData("2000000000001q000000000000000arecord of a later schema")]
    public async Task Apply_WhereSomethingElseIs_LeavesItAlone_AndTheRestIsWritten(string theirs)
    {
        var database = _connection.Database;
        var key = new RedisKeys("test", "one").Record(_key);
        await database.StringSetAsync(key, theirs);
        var other = AnotherKey();
        var answer = await _store.Apply(Tag, [Entry(1, 0, A, TaskState.Queued), Entry(1, 0, A, TaskState.Queued, key: other)], 0);
        Assert.Equal([WriteResult.Foreign, WriteResult.Stored], answer.Outcomes!.Select(o => o.Result));
        Assert.Equal(theirs, await database.StringGetAsync(key));
    }

    [Fact]
    public async Task Apply_WhereAnotherTypeIs_LeavesItAlone()
    {
        var key = new RedisKeys("test", "one").Record(_key);
        await _connection.Database.ListRightPushAsync(key, "theirs");
        Assert.Equal(WriteResult.Foreign, await Put(1, 0, A, TaskState.Queued));
        Assert.Equal(1, await _connection.Database.ListLengthAsync(key));
    }

    [Fact]
    public async Task Quarantine_Record_GoesOutOfTheIndexWithItsBytes()
    {
        await Put(1, 0, A, TaskState.Queued, "damaged");
        var bytes = (await _store.Read(_key))!;
        Assert.True(await _store.Quarantine(_key, bytes));
        Assert.Null(await _store.Read(_key));
        Assert.Equal(0, await Listed(TaskState.Queued));
        Assert.Equal(bytes, (byte[]?)await _connection.Database.StringGetAsync(new RedisKeys("test", "one").Quarantine(_key)));
    }

    [Fact]
    public async Task Quarantine_RecordThatWasChangedSince_Stays()
    {
        await Put(1, 0, A, TaskState.Queued, "damaged");
        var bytes = (await _store.Read(_key))!;
        await Put(2, 0, A, TaskState.Queued, "mended");
        Assert.False(await _store.Quarantine(_key, bytes));
        Assert.Equal("mended", await Body());
    }

    [Fact]
    public async Task Claim_EmptyStore_IsOursFromNowOn()
    {
        Assert.Null(await StoreOwner.Claim(_connection.Database, "test", "one"));
        Assert.Null(await StoreOwner.Claim(_connection.Database, "test", "one"));
        var refusal = await StoreOwner.Claim(_connection.Database, "other", "one");
        Assert.Contains("belongs to the service 'test'", refusal);
        Assert.Contains("MORNINGAI_SERVICE_ID", refusal);
    }

    [Fact]
    public async Task Claim_OwnRecordsWithoutTheMark_IsOurs()
    {
        await Put(1, 0, A, TaskState.Queued);
        Assert.Null(await StoreOwner.Claim(_connection.Database, "test", "one"));
    }

    [Fact]
    public async Task Claim_KeysOfAnotherProgramUnderOurs_IsRefusedAndNamesOne()
    {
        await _connection.Database.StringSetAsync("test:sessions:1", "x");
        Assert.Contains("test:sessions:1", await StoreOwner.Claim(_connection.Database, "test", "one"));
        Assert.False(await _connection.Database.KeyExistsAsync(StoreOwner.Key));
    }

    private async Task<WriteResult> Put(long version, long @base, ulong writer, TaskState state, string body = "body", bool acknowledged = false) =>
        (await PutOutcome(Entry(version, @base, writer, state, body: body) with { Acknowledged = acknowledged })).Result;

    private async Task<WriteOutcome> PutOutcome(JournalEntry entry)
    {
        var answer = await _store.Apply(Tag, [entry], await _store.Cursor(Tag));
        return answer.Outcomes!.Single();
    }

    private JournalEntry Entry(long version, long @base, ulong writer, TaskState state, long? seq = null, string body = "body", RecordKey? key = null) => new(
        seq ?? ++_seq,
        new RecordWrite { Key = key ?? _key, Version = version, Base = @base, Writer = writer, Body = Encoding.UTF8.GetBytes(body), Index = new IndexEntry(state, version) });

    private JournalEntry Created(TaskState state, RecordKey key, long score = 1) => new(
        ++_seq,
        new RecordWrite { Key = key, Version = 1, Base = 0, Writer = A, Body = Encoding.UTF8.GetBytes($"body {_seq}"), Index = new IndexEntry(state, score) });

    private static RecordKey AnotherKey() => RecordKey.Of(TaskId.New(Partition, DateTimeOffset.UnixEpoch));

    private async Task<string> Body() => Encoding.UTF8.GetString(StoredRecord.Parse((await _store.Read(_key))!).Body.Span);

    private async Task<int> Listed(TaskState state) => (await _store.List(Partition, state, 0, 10)).Count;
}
