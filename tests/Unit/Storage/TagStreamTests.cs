using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MorningAI.Cluster;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using MorningAI.Tests.Unit.Storage.Model;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Storage;

/// <summary>Silo A ends an attempt while B begins the task anew: whose word counts is decided by who was told what.</summary>
public sealed class TagStreamTests : IDisposable
{
    private const ulong A = 1, B = 2;

    private static readonly RecordKey Key = RecordKey.Of(new TaskId(new PartitionId(QueueName.Default, 0), Guid.NewGuid()));

    private readonly FakeTimeProvider _time = new();
    private readonly ModelStore _store = new();
    private readonly ModelJournal _journal = new();
    private readonly StoreHealth _health;
    private readonly PauseGuard _pauses;
    private readonly StorageMetrics _metrics;
    private readonly TaskCompletionSource _table = new();

    public TagStreamTests()
    {
        _health = new StoreHealth(_time, NullLogger<StoreHealth>.Instance);
        _pauses = new PauseGuard(Stand.In<IClusterMembershipService>((_, _) => new ValueTask(_table.Task)), _health, _time, NullLogger<PauseGuard>.Instance);
        _metrics = new StorageMetrics(ModelSilo.Meters, _health, []);
    }

    private TaskState Kept => _store.Header(Key)!.Value.State!.Value;

    public void Dispose()
    {
        _pauses.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Start_EndThatNobodyWasTold_GivesWay()
    {
        _journal.Append(End()); // and the process was killed before the store answered
        await OtherBegins();
        await CatchUp();

        Assert.Equal(TaskState.Running, Kept);
    }

    [Fact]
    public async Task Start_EndThatTheJournalAcknowledged_Wins()
    {
        _journal.Append(End(), acknowledged: true);
        await OtherBegins();
        await CatchUp();

        Assert.Equal(TaskState.Succeeded, Kept);
    }

    [Fact]
    public async Task Start_EndThatTheStoreHadConfirmedAndForgot_Wins()
    {
        _journal.Append(End());
        _journal.Confirm(ModelSilo.Tag, 1);
        await OtherBegins();
        await CatchUp();

        Assert.Equal(TaskState.Succeeded, Kept);
    }

    [Fact]
    public async Task Write_StoreGoesAway_IsAcknowledgedByTheJournal_AndWins()
    {
        var way = new Way(_store.For(_journal.Id));
        var stream = await Live(way);
        var written = stream.Write(End());
        await way.Asked.InTime();
        way.Break();
        Assert.Equal(Durability.Journal, (await written.InTime()).Durability);

        await OtherBegins();
        await CatchUp(stream);
        Assert.Equal(TaskState.Succeeded, Kept);
    }

    /// <summary>A silo that was cut off from the store has acknowledged it, and leaves.</summary>
    [Theory]
    [InlineData(true, TaskState.Succeeded)]
    [InlineData(false, TaskState.Running)]
    public async Task Write_OfASiloThatLeaves_WinsWhereItWasAcknowledged(bool isAcknowledged, TaskState kept)
    {
        var stream = await Live(_store.For(_journal.Id));
        await OtherBegins();
        await stream.Write(End(isAcknowledged)).InTime();
        Assert.Equal(kept, Kept);
    }

    [Fact]
    public async Task Write_SiloStandsStillMeanwhile_IsRefused_AndGivesWay()
    {
        var way = new Way(_store.For(_journal.Id));
        var stream = await Live(way);
        var written = stream.Write(End());
        await way.Asked.InTime();
        _time.Advance(PauseGuard.Longest);
        way.Break();
        Assert.True((await Assert.ThrowsAsync<StoreUnavailableException>(() => written.InTime())).MayHaveLanded);

        await OtherBegins();
        await CatchUp(stream);
        Assert.Equal(TaskState.Running, Kept);
    }

    /// <summary>What the store confirms goes to disk when the journal likes: the store may be emptied before.</summary>
    [Fact]
    public async Task Write_StoreForgetsWhatItHasJustConfirmed_IsPutBack()
    {
        var stream = await Live(_store.For(_journal.Id));
        await stream.Write(End()).InTime();
        Assert.Empty(_journal.Read(ModelSilo.Tag, 0, 10)); // not on disk yet
        _store.Flush();
        await CatchUp(stream);

        Assert.Equal(TaskState.Succeeded, Kept);
    }

    /// <summary>It was killed before its journal had dropped it, and the store forgets later that it had refused it.</summary>
    [Fact]
    public async Task Start_EndThatTheStoreRefusedInTheLastMoment_GivesWayForGood()
    {
        await OtherBegins();
        _journal.Append(End());
        await Applied(WriteResult.Conflict);
        await CatchUp();
        _store.Flush();
        await CatchUp();

        Assert.Null(_store.Header(Key));
        Assert.Null(_journal.Find(Key));
    }

    [Fact]
    public async Task Start_EndThatTheStoreTookInTheLastMoment_IsPutBack()
    {
        _journal.Append(End());
        await Applied(WriteResult.Stored);
        await CatchUp();
        _store.Flush();
        await OtherBegins();
        await CatchUp();

        Assert.Equal(TaskState.Succeeded, Kept);
    }

    /// <summary>It has ended, and was purged: the window is the store's business.</summary>
    [Fact]
    public async Task Start_StoreHasWhatWasRemovedSince_IsNotPutBack()
    {
        _journal.Append(End());
        await Applied(WriteResult.Stored);
        _store.Remove(Key);
        await CatchUp();
        _store.Flush();
        await CatchUp();

        Assert.Null(_store.Header(Key));
    }

    /// <summary>Two silos took the task in, and the other one was first: should it give way next time, this one is needed.</summary>
    [Fact]
    public async Task Start_OtherTookItInToo_IsKept()
    {
        await _store.For(Guid.NewGuid()).Apply(ModelSilo.Tag, [new JournalEntry(1, Record(1, 0, B, TaskState.Queued))], 0);
        _journal.Append(Record(1, 0, A, TaskState.Queued));
        await Applied(WriteResult.Exists);
        await CatchUp();

        Assert.NotNull(_journal.Find(Key));
    }

    [Fact]
    public async Task Write_RefusedAndTheAnswerIsLost_SiloStandsStillMeanwhile_GivesWayForGood()
    {
        await OtherBegins();
        var stream = await Live(_store.For(_journal.Id));
        _time.Advance(PauseGuard.Longest);
        _store.LoseNextAnswer = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stream.Write(End()).InTime());
        _store.Down = false;
        await CatchUp(stream);
        Assert.Null(_journal.Find(Key));
    }

    [Fact]
    public async Task Write_MuchComesInWhileABatchIsInFlight_TheNextOneFollowsIt()
    {
        var way = new SlowWay(_store.For(_journal.Id));
        var stream = await Live(way);
        var first = stream.Write(New());
        Assert.Equal(0, await way.NextFollows());
        var others = Enumerable.Range(0, TagStream.LeastAhead).Select(_ => stream.Write(New())).ToArray();
        Assert.Equal(1, await way.NextFollows());
        Assert.False(first.IsCompleted);

        way.Answer();
        Assert.Equal(Durability.Redis, (await first.InTime()).Durability);
        Assert.All(await Task.WhenAll(others).InTime(), o => Assert.Equal((WriteResult.Stored, Durability.Redis), (o.Result, o.Durability)));
        Assert.Equal(1 + others.Length, _store.Keys.Count());
        await stream.Stop().InTime();
    }

    [Fact]
    public async Task Write_BatchIsLostAndTheNextIsInFlight_BothAreAcknowledgedByTheJournal_AndReplayed()
    {
        var way = new Way(_store.For(_journal.Id));
        var stream = await Live(way);
        var first = stream.Write(New());
        await way.Asked.InTime();
        var others = Enumerable.Range(0, TagStream.LeastAhead).Select(_ => stream.Write(New())).ToArray();
        await way.AskedAgain.InTime();
        way.Break();
        Assert.All(await Task.WhenAll([first, .. others]).InTime(), o => Assert.Equal(Durability.Journal, o.Durability));
        Assert.Empty(_store.Keys);

        await CatchUp(stream);
        Assert.Equal(1 + others.Length, _store.Keys.Count());
    }

    [Fact]
    public async Task Write_StoreConfirmsIt_WasSecuredBefore()
    {
        var stream = await Live(_store.For(_journal.Id));
        foreach (var last in new[] { 1, 2, 3 })
        {
            await stream.Write(New()).InTime();
            Assert.Equal(Enumerable.Range(1, last).Select(seq => (long)seq), _journal.Secured); // a kill from here on leaves it there
        }

        await stream.Stop().InTime();
    }

    private static RecordWrite New() => new()
    {
        Key = RecordKey.Of(new TaskId(new PartitionId(QueueName.Default, 0), Guid.NewGuid())),
        Version = 1,
        Base = 0,
        Writer = A,
        Body = [1],
        Index = new IndexEntry(TaskState.Queued, 1),
    };

    private static RecordWrite End(bool isAcknowledged = false) => Record(3, 2, A, TaskState.Succeeded, isAcknowledged);

    private static RecordWrite Record(long version, long @base, ulong writer, TaskState state, bool isAcknowledged = false) =>
        new() { Key = Key, Version = version, Base = @base, Writer = writer, Body = [1], Index = new IndexEntry(state, version), IsAcknowledged = isAcknowledged };

    /// <summary>To the store, as an earlier life of this silo had it taken.</summary>
    private async Task Applied(WriteResult result)
    {
        await _journal.WhenSettled(long.MaxValue);
        var answer = await _store.For(_journal.Id).Apply(ModelSilo.Tag, _journal.Read(ModelSilo.Tag, 0, 1), 0);
        Assert.Equal(result, Assert.Single(answer.Outcomes!).Result);
    }

    private Task OtherBegins() =>
        _store.For(Guid.NewGuid()).Apply(ModelSilo.Tag, [new JournalEntry(1, Record(4, 2, B, TaskState.Running))], 0);

    private TagStream New(IStoreBatches store) =>
        new(ModelSilo.Tag, store, _journal, _health, _pauses, new DurableStorageOptions(), _metrics, () => { }, NullLogger.Instance);

    private async Task<TagStream> Live(IStoreBatches store)
    {
        var stream = New(store);
        stream.Resync();
        await stream.WhenLive().InTime();
        return stream;
    }

    private async Task CatchUp(TagStream? stream = null)
    {
        _health.ProbeAnswered(TimeSpan.Zero);
        if (stream is null)
            await _journal.WhenSettled(long.MaxValue); // by the life before
        stream ??= New(_store.For(_journal.Id));
        stream.Resync();
        await stream.WhenLive().InTime();
        await stream.Stop().InTime();
    }

    /// <summary>To the store; the first batch never gets there.</summary>
    private sealed class Way(IStoreBatches store) : IStoreBatches
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<BatchAnswer> _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private readonly TaskCompletionSource _askedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public Task AskedAgain => _askedAgain.Task;

        public void Break() => _broken.SetException(new StoreFaultException(StoreFault.Hanging, "It breaks off."));

        public Task<BatchAnswer> Apply(string tag, IReadOnlyList<JournalEntry> entries, long follows)
        {
            if (_asked.TrySetResult())
                return _broken.Task;
            _askedAgain.TrySetResult();
            return store.Apply(tag, entries, follows);
        }

        public Task<long> Cursor(string tag) => store.Cursor(tag);

        public Task<RecordHeader?[]> Headers(IReadOnlyList<RecordKey> records) => store.Headers(records);
    }

    /// <summary>To the store, which takes batches in their order, and answers none before it may.</summary>
    private sealed class SlowWay(IStoreBatches store) : IStoreBatches
    {
        private readonly Channel<long> _asked = Channel.CreateUnbounded<long>();
        private readonly TaskCompletionSource _mayAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<long> NextFollows() => _asked.Reader.ReadAsync().AsTask().InTime();

        public void Answer() => _mayAnswer.SetResult();

        public async Task<BatchAnswer> Apply(string tag, IReadOnlyList<JournalEntry> entries, long follows)
        {
            var answer = await store.Apply(tag, entries, follows);
            _asked.Writer.TryWrite(follows);
            await _mayAnswer.Task;
            return answer;
        }

        public Task<long> Cursor(string tag) => store.Cursor(tag);

        public Task<RecordHeader?[]> Headers(IReadOnlyList<RecordKey> records) => store.Headers(records);
    }
}
