using MorningAI.Queues;
using MorningAI.Storage.Journaling;
using MorningAI.Tasks;
using StackExchange.Redis;

namespace MorningAI.Storage;

/// <summary>Records and their index in Redis (or what speaks its protocol), one call at a time.</summary>
/// <param name="silo">This life of it.</param>
internal sealed class RedisRecords(StoreConnection connection, RedisKeys keys, Guid journal, string silo, TimeSpan patience, TimeProvider time, StoreCalls calls) : IStoreBatches
{
    /// <summary>A timer's delay that is more than its resolution and a busy processor's.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(50);

    /// <summary>Times the patience: for a silo that is starved, a hang may last that long unnoticed.</summary>
    private const int MostPatience = 3;

    /// <summary>A silo that was stopped for longer than a moment looks at the membership table first: see <see cref="Cluster.PauseGuard"/>.</summary>
    private static readonly TimeSpan FenceLasts = TimeSpan.FromHours(1);

    private static readonly string ApplyScript = EmbeddedScript.Read("MorningAI.Storage.ApplyRecords.lua");
    private static readonly string CreateScript = EmbeddedScript.Read("MorningAI.Storage.CreateRecords.lua");
    private static readonly string PurgeScript = EmbeddedScript.Read("MorningAI.Storage.PurgeRecords.lua");
    private static readonly string QuarantineScript = EmbeddedScript.Read("MorningAI.Storage.QuarantineRecord.lua");

    /// <inheritdoc/>
    public async Task<BatchAnswer> Apply(string tag, IReadOnlyList<JournalEntry> entries, long follows)
    {
        if (NewRecordsBatch.Of(keys, journal, tag, entries, follows) is { } creates
            && Answer(await Asking(() => connection.Evaluate(CreateScript, creates.Names, creates.Values)).ConfigureAwait(false), entries) is { } created)
            return created;
        var batch = RecordBatch.Of(keys, journal, silo, tag, entries, follows);
        return Answer(await Asking(() => connection.Evaluate(ApplyScript, batch.Names, batch.Values)).ConfigureAwait(false), entries)
            ?? throw new StoreFaultException(StoreFault.Refusing, "The store gave no answer to a batch.") { MayHaveLanded = true };
    }

    /// <returns>Null where it tells nothing of the records: none of them was applied.</returns>
    private static BatchAnswer? Answer(RedisResult reply, IReadOnlyList<JournalEntry> entries) => reply.Resp2Type switch
    {
        ResultType.Integer => new BatchAnswer(null, (long)reply),
        ResultType.BulkString => new BatchAnswer(new WriteOutcome[entries.Count], entries[^1].Seq), // the default: stored
        _ when (RedisResult[])reply! is { Length: > 0 } outcomes => new BatchAnswer(Array.ConvertAll(outcomes, ReadOutcome), entries[^1].Seq),
        _ => null,
    };

    /// <inheritdoc/>
    public async Task<long> Cursor(string tag)
    {
        var value = await Asking(() => connection.Database.StringGetAsync(keys.Cursor(tag, journal))).ConfigureAwait(false);
        return value.IsNull ? 0 : (long)value;
    }

    /// <summary>Writes a mark and gets the one before it; 0 where there was none. Fails where the store refuses writes.</summary>
    public async Task<long> Probe(long mark)
    {
        var before = await Asking(() => connection.Database.StringGetSetAsync(keys.Cursor("probe", journal), mark)).ConfigureAwait(false);
        return before.IsNull ? 0 : (long)before;
    }

    /// <inheritdoc/>
    public async Task<RecordHeader?[]> Headers(IReadOnlyList<RecordKey> records)
    {
        var database = connection.Database;
        var heads = await Asking(() => Task.WhenAll(records.Select(r => database.StringGetRangeAsync(keys.Record(r), 0, RecordHeader.Length - 1)))).ConfigureAwait(false);
        return Array.ConvertAll(heads, Header);

        static RecordHeader? Header(RedisValue head)
        {
            if (head.IsNullOrEmpty)
                return null;
            RecordHeader.TryRead((byte[])head!, out var header);
            return header;
        }
    }

    /// <returns>What is stored under the key, header included; null for nothing.</returns>
    public async Task<byte[]?> Read(RecordKey key) =>
        await Asking(() => connection.Database.StringGetAsync(keys.Record(key))).ConfigureAwait(false);

    /// <summary>Of one tag, in one call.</summary>
    /// <returns>The same of each key, in their order.</returns>
    public async Task<byte[]?[]> Read(RecordKey[] records)
    {
        if (records.Length == 1)
            return [await Read(records[0]).ConfigureAwait(false)];
        var values = await Asking(() => connection.Database.StringGetAsync(Array.ConvertAll(records, r => (RedisKey)keys.Record(r)))).ConfigureAwait(false);
        return Array.ConvertAll(values, v => (byte[]?)v);
    }

    /// <returns>What is stored under the key as it was written, its place in the index among it; null where that is nothing, or not a record, or not where its header says.</returns>
    public async Task<RecordWrite?> ReadWhole(RecordKey key)
    {
        if (await Read(key).ConfigureAwait(false) is not { } bytes || !RecordHeader.TryRead(bytes, out var header))
            return null;
        IndexEntry? index = null;
        if (header.State is { } state)
        {
            if (await Asking(() => connection.Database.SortedSetScoreAsync(keys.Index(key.Tag, state), key.Id)).ConfigureAwait(false) is not { } score)
                return null;
            index = new IndexEntry(state, (long)score);
        }

        return new RecordWrite { Key = key, Version = header.Version, Base = header.Version, Writer = header.Writer, Body = bytes[RecordHeader.Length..], Index = index };
    }

    /// <summary>Moves a record that cannot be read out of the way and out of the index, unless it has been changed since.</summary>
    public async Task<bool> Quarantine(RecordKey key, byte[] bytes)
    {
        RedisKey[] names = [keys.Record(key), keys.Quarantine(key), .. Enumerable.Range(0, RedisKeys.States).Select(s => keys.Index(key.Tag, (TaskState)s))];
        return (bool)await Asking(() => connection.Evaluate(QuarantineScript, names, [bytes, key.Id])).ConfigureAwait(false);
    }

    /// <inheritdoc cref="IDurableRecords.Fence"/>
    /// <returns>Whether the set is there, and will go.</returns>
    public Task<bool> Fence(string tag, IReadOnlyCollection<string> silos)
    {
        var key = keys.Fence(tag);
        return Asking(async () =>
        {
            await connection.Database.SetAddAsync(key, [.. silos.Select(s => (RedisValue)s)]).ConfigureAwait(false);
            return await connection.Database.KeyExpireAsync(key, FenceLasts).ConfigureAwait(false);
        });
    }

    /// <returns>Why the store must not be written to; null where it is this service's.</returns>
    public Task<string?> Claim() => Asking(() => StoreOwner.Claim(connection.Database, keys.ServiceId, keys.ClusterId));

    public async Task<IReadOnlyList<(Guid Task, long Score)>> List(PartitionId partition, TaskState state, long skip, int take)
    {
        var entries = await Asking(() => connection.Database.SortedSetRangeByRankWithScoresAsync(keys.Index(partition, state), skip, skip + take - 1)).ConfigureAwait(false);
        var list = new List<(Guid, long)>(entries.Length);
        foreach (var entry in entries)
            list.Add((TaskOf(entry, partition, state), (long)entry.Score));
        return list;
    }

    /// <inheritdoc cref="IDurableRecords.Page"/>
    public async Task<IReadOnlyList<IndexPlace>> Page(PartitionId partition, TaskState state, IndexPlace? after, bool newestFirst, int take)
    {
        var key = keys.Index(partition, state);
        var (lowest, highest) = newestFirst ? (double.NegativeInfinity, after?.Score ?? double.PositiveInfinity) : (after?.Score ?? double.NegativeInfinity, double.PositiveInfinity);
        var last = after is { } place ? Base32.Encode(place.Task) : null;
        var list = new List<IndexPlace>(take);
        // Those of the last one's score come again, up to itself: more than a slice of them is rare.
        for (var skip = 0L; list.Count < take; skip += take + 1)
        {
            var entries = await Asking(() => connection.Database.SortedSetRangeByScoreWithScoresAsync(
                key, lowest, highest, Exclude.None, newestFirst ? Order.Descending : Order.Ascending, skip, take + 1)).ConfigureAwait(false);
            foreach (var entry in entries)
            {
                var text = (string?)entry.Element ?? "";
                var isBehind = last is null || (long)entry.Score != after!.Value.Score || (newestFirst ? string.CompareOrdinal(text, last) < 0 : string.CompareOrdinal(text, last) > 0);
                if (isBehind && list.Count < take)
                    list.Add(new IndexPlace(TaskOf(entry, partition, state), (long)entry.Score));
            }

            if (entries.Length <= take)
                break;
        }

        return list;
    }

    /// <inheritdoc cref="IDurableRecords.Purge"/>
    public async Task<int> Purge(PartitionId partition, TaskState state, long before, int most)
    {
        var index = keys.Index(partition, state);
        var members = await Asking(() => connection.Database.SortedSetRangeByScoreAsync(index, double.NegativeInfinity, before, Exclude.Stop, Order.Ascending, 0, most)).ConfigureAwait(false);
        if (members.Length == 0)
            return 0;
        RedisKey[] names = [index, .. members.Select(m => keys.Record(new RecordKey(partition.ToString(), RecordKey.TaskKind, (string)m!)))];
        await Asking(() => connection.Evaluate(PurgeScript, names, [(int)state, .. members])).ConfigureAwait(false);
        return members.Length;
    }

    private Guid TaskOf(SortedSetEntry entry, PartitionId partition, TaskState state) => Base32.TryDecode((string?)entry.Element ?? "", out var task)
        ? task
        : throw new InvalidDataException($"The index {keys.Index(partition, state)} holds '{entry.Element}', which is not part of a task id. Do other programs write under this service id?");

    public async Task<long[]> Count(PartitionId partition)
    {
        var batch = connection.Database;
        return await Asking(() => Task.WhenAll(Enumerable.Range(0, RedisKeys.States)
            .Select(s => batch.SortedSetLengthAsync(keys.Index(partition, (TaskState)s))))).ConfigureAwait(false);
    }

    private static WriteOutcome ReadOutcome(RedisResult result)
    {
        if (result.Resp2Type == ResultType.BulkString)
            return new WriteOutcome(WriteResult.Exists, (byte[])result!);
        return (int)result switch
        {
            0 => new WriteOutcome(WriteResult.Stored, null),
            1 => new WriteOutcome(WriteResult.Repeated, null),
            3 => new WriteOutcome(WriteResult.Conflict, null),
            4 => new WriteOutcome(WriteResult.Foreign, null),
            var other => throw new InvalidDataException($"The store's script answered {other}, which this version does not know."),
        };
    }

    /// <summary>What does not answer within our patience counts as down. It may still happen: the cursor will tell.</summary>
    private async Task<T> Asking<T>(Func<Task<T>> call)
    {
        try
        {
            return await Patiently(calls.Make(call)).ConfigureAwait(false);
        }
        catch (Exception e) when (StoreFaults.IsOne(e))
        {
            var fault = StoreFaults.Of(e);
            throw new StoreFaultException(fault, $"The store: {fault.Describe()}.", e)
            {
                MayHaveLanded = e is not (RedisServerException or RedisConnectionException { CommandStatus: CommandStatus.WaitingToBeSent or CommandStatus.WaitingInBacklog }),
            };
        }
    }

    /// <summary>For as long as our patience lasts, and for what this process itself kept the answer waiting: a timer that comes late says that answers do, too.</summary>
    private async Task<T> Patiently<T>(Task<T> call)
    {
        var (left, granted) = (patience, patience);
        while (true)
        {
            var start = time.GetTimestamp();
            try
            {
                return await call.WaitAsync(left, time).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!call.IsCompleted)
            {
                var late = time.GetElapsedTime(start) - left;
                if (late < Late || granted >= MostPatience * patience)
                    throw;
                left = late < patience ? late : patience;
                granted += left;
            }
        }
    }
}
