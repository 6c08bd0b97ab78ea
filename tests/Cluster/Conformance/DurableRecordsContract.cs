using System.Text;
using MorningAI.Storage;
using MorningAI.Tasks;
using MorningAI.Tests.Harness;
using Xunit;

namespace MorningAI.Tests.Cluster.Conformance;

/// <summary>What grains may rely on, whatever is behind it now.</summary>
public abstract class DurableRecordsContract(ContractStore store)
{
    private const ulong A = 0xa, B = 0xb;

    protected ContractStore Store { get; } = store;

    private IDurableRecords Records => Store.Records;

    [Fact]
    public async Task Write_New_IsReadBackAsItWas()
    {
        var key = ContractStore.NewKey();
        var body = new byte[] { 0, 1, 255, 13, 10, 0 };
        Assert.Equal(WriteResult.Stored, (await Records.Write(Record(key, 1, A, TaskState.Queued, body))).Result);

        var read = (await Records.Read(key))!.Value;
        Assert.Equal((1, A, TaskState.Queued), (read.Header.Version, read.Header.Writer, read.Header.State));
        Assert.Equal(body, read.Body.ToArray());
    }

    [Fact]
    public async Task Write_Newer_ReplacesTheOlder()
    {
        var key = ContractStore.NewKey();
        await Records.Write(Record(key, 1, A, TaskState.Queued, "one"u8));
        await Records.Write(Record(key, 2, A, TaskState.Running, "two"u8));
        await Records.Write(Record(key, 3, A, TaskState.Succeeded, "three"u8));

        Assert.Equal("three", await Text(key));
    }

    [Fact]
    public async Task Write_CreateWhereAnotherHasCreated_AnswersWithTheFirst()
    {
        var (key, second) = await WriteAfterAnother(
            key => Record(key, 1, A, TaskState.Queued, "first"u8),
            key => Record(key, 1, B, TaskState.Queued, "second"u8));

        Assert.Equal(WriteResult.Exists, second.Result);
        Assert.Equal("first", Encoding.UTF8.GetString(StoredRecord.Parse(second.Existing!).Body.Span));
        Assert.Equal("first", await Text(key));
    }

    [Fact]
    public async Task Write_CreateWhereThisWriterHasCreated_IsHarmless()
    {
        var key = ContractStore.NewKey();
        await Records.Write(Record(key, 1, A, TaskState.Queued, "once"u8));
        await Records.Write(Record(key, 1, A, TaskState.Queued, "once"u8));

        Assert.Equal("once", await Text(key));
        Assert.Equal(1, (await Records.Read(key))!.Value.Header.Version);
    }

    [Fact]
    public async Task Write_Removal_LeavesNothing()
    {
        var key = ContractStore.NewKey();
        await Records.Write(Record(key, 1, A, TaskState.Succeeded, "gone"u8));
        await Records.Write(new RecordWrite { Key = key, Version = 2, Base = 0, Writer = A, Body = null });

        Assert.Null(await Records.Read(key));
    }

    [Fact]
    public async Task WriteBehind_IsReadAtOnce()
    {
        var key = ContractStore.NewKey();
        Records.WriteBehind(Record(key, 1, A, TaskState.Running, "soon"u8));

        Assert.Equal("soon", await Text(key));
    }

    [Fact]
    public async Task WriteBehind_ThenWritten_TheLaterOneStays()
    {
        var key = ContractStore.NewKey();
        Records.WriteBehind(Record(key, 1, A, TaskState.Running, "soon"u8));
        await Records.Write(Record(key, 2, A, TaskState.Succeeded, "now"u8));

        Assert.Equal("now", await Text(key));
    }

    [Fact]
    public async Task Write_ManyAtOnceToSeveralQueues_EachIsReadBack()
    {
        var keys = Enumerable.Range(0, 3000).Select(i => ContractStore.NewKey(i % 3)).ToArray();
        var outcomes = await Task.WhenAll(keys.Select((k, i) => Records.Write(Record(k, 1, A, TaskState.Queued, BitConverter.GetBytes(i))).AsTask()));
        Assert.All(outcomes, o => Assert.Equal(WriteResult.Stored, o.Result));

        var read = await Task.WhenAll(keys.Select(k => Records.Read(k).AsTask()));
        Assert.All(read, (r, i) => Assert.Equal(i, BitConverter.ToInt32(r!.Value.Body.Span)));
    }

    /// <summary>Where an unreliable store refuses the second, the journal may take it without knowing of the first: it is done again with another record.</summary>
    protected async Task<(RecordKey Key, WriteOutcome Second)> WriteAfterAnother(Func<RecordKey, RecordWrite> first, Func<RecordKey, RecordWrite> second)
    {
        var (key, outcome) = (default(RecordKey), default(WriteOutcome));
        await Deadline.Until("the second write meets the first", TimeSpan.FromSeconds(60), async () =>
        {
            key = ContractStore.NewKey();
            await Records.Write(first(key));
            outcome = await Records.Write(second(key));
            return UnreliableStore.Seed is null || outcome is not { Result: WriteResult.Stored, Durability: Durability.Journal };
        });
        return (key, outcome);
    }

    protected static RecordWrite Record(RecordKey key, long version, ulong writer, TaskState state, ReadOnlySpan<byte> body) => new()
    {
        Key = key,
        Version = version,
        Base = 0,
        Writer = writer,
        Body = body.ToArray(),
        Index = new IndexEntry(state, version),
    };

    protected async Task<string> Text(RecordKey key) => Encoding.UTF8.GetString((await Records.Read(key))!.Value.Body.Span);
}

/// <summary>Where the store answers.</summary>
public abstract class AnsweringStoreContract(ContractStore store) : DurableRecordsContract(store)
{
    [Fact]
    public async Task Read_NeverWritten_IsKnownToBeNothing() => Assert.Null(await ReadWhatIsNowhereElse(ContractStore.NewKey()));

    [Fact]
    public async Task Write_AnotherWroteSinceItLoaded_IsAConflictAndChangesNothing()
    {
        var (key, theirs) = await WriteAfterAnother(
            key => Record(key, 1, 0xa, TaskState.Queued, "mine"u8),
            key => new RecordWrite { Key = key, Version = 3, Base = 0, Writer = 0xb, Body = "theirs"u8.ToArray(), Index = new IndexEntry(TaskState.Running, 1) });

        Assert.Equal(WriteResult.Conflict, theirs.Result);
        Assert.Equal("mine", await Text(key));
    }

    /// <summary>Of what no journal has, only the store knows: a call that an unreliable one refuses must be made again.</summary>
    private async Task<StoredRecord?> ReadWhatIsNowhereElse(RecordKey key)
    {
        StoredRecord? read = null;
        await Deadline.Until("the store answers", TimeSpan.FromSeconds(60), async () =>
        {
            try
            {
                read = await Store.Records.Read(key);
                return true;
            }
            catch (StoreUnavailableException) when (UnreliableStore.Seed is not null)
            {
                return false;
            }
        });
        return read;
    }
}

public sealed class RedisContract(OnRedis store) : AnsweringStoreContract(store), IClassFixture<OnRedis>;

public sealed class GarnetContract(OnGarnet store) : AnsweringStoreContract(store), IClassFixture<OnGarnet>;

public sealed class JournalAloneContract(OnTheJournalAlone store) : DurableRecordsContract(store), IClassFixture<OnTheJournalAlone>
{
    [Fact]
    public async Task Read_NeverWritten_IsNotKnown() =>
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await Store.Records.Read(ContractStore.NewKey()));

    [Fact]
    public async Task Write_IsVouchedForByTheJournal() =>
        Assert.Equal(Durability.Journal, (await Store.Records.Write(Record(ContractStore.NewKey(), 1, 0xa, TaskState.Queued, "x"u8))).Durability);
}
