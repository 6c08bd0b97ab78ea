using MorningAI.Queues;
using MorningAI.Tasks;
using Orleans.Runtime;

namespace MorningAI.Storage;

/// <summary>
/// The one way to what outlives a process. Grains do not know what is behind it. Every call throws
/// <see cref="StoreUnavailableException"/> where the answer cannot be had now.
/// </summary>
public interface IDurableRecords
{
    /// <returns>Null where nothing is stored under the key: known, not guessed.</returns>
    ValueTask<StoredRecord?> Read(RecordKey key);

    /// <summary>For an outage: by what the silos have among them, without the store.</summary>
    /// <returns>The newest; null where there is none, or not every silo that is known of has answered.</returns>
    ValueTask<StoredRecord?> ReadFromAll(RecordKey key) => default;

    /// <returns>The newest record that this silo has, header included, and only that of a removed one; null where it has none.</returns>
    byte[]? FindHere(RecordKey key) => null;

    /// <summary>Durable when it returns <see cref="WriteResult.Stored"/>.</summary>
    ValueTask<WriteOutcome> Write(RecordWrite write);

    /// <summary>As <see cref="Write"/> of each, with one wait for all of them; one that fails does not touch the others.</summary>
    /// <returns>An answer a write, in their order.</returns>
    async Task<WriteAnswer[]> WriteAll(IReadOnlyList<RecordWrite> writes) =>
        await Task.WhenAll(writes.Select(async write =>
        {
            try
            {
                return new WriteAnswer(await Write(write), null);
            }
            catch (StoreUnavailableException e)
            {
                return new WriteAnswer(default, e);
            }
        }));

    /// <summary>Will be written soon, unless a later <see cref="Write"/> of the same key comes first: for state that is worth keeping but not worth waiting for.</summary>
    void WriteBehind(RecordWrite write);

    /// <summary>The same of one that is likely written anew before that, and costs something to make.</summary>
    /// <param name="record">Makes it, of what does not change.</param>
    void WriteBehind(RecordKey key, Func<RecordWrite> record) => WriteBehind(record());

    /// <summary>Sets aside a record that cannot be read, with its bytes and the reason, so that the rest goes on.</summary>
    /// <param name="bytes">Header and body, as they were read.</param>
    ValueTask Quarantine(RecordKey key, ReadOnlyMemory<byte> bytes, string reason);

    /// <summary>Index entries in order of score.</summary>
    /// <param name="skip">Entries passed over from the start.</param>
    ValueTask<IReadOnlyList<(Guid Task, long Score)>> List(PartitionId partition, TaskState state, long skip, int take);

    /// <summary>Index entries behind one, which need not be there any more: entries that come or go elsewhere move nothing.</summary>
    /// <param name="after">Null for the first.</param>
    /// <param name="newestFirst">Descending, not in order of score.</param>
    ValueTask<IReadOnlyList<IndexPlace>> Page(PartitionId partition, TaskState state, IndexPlace? after, bool newestFirst, int take);

    /// <summary>
    /// Removes ended tasks for good, from the store alone: journals have let go of them before. See <see cref="Tasks.RetentionOptions.Least"/>.
    /// </summary>
    /// <param name="state">Terminal.</param>
    /// <param name="before">Those that ended before it, in Unix milliseconds.</param>
    /// <returns>How many; fewer than <paramref name="most"/> where there are no more.</returns>
    ValueTask<int> Purge(PartitionId partition, TaskState state, long before, int most);

    /// <summary>
    /// From now on the store takes nothing by which these silos move the partition's tasks on: they were found dead, and one
    /// that is only cut off from the others may not know it yet. What they brought in before can be read when it completes.
    /// </summary>
    ValueTask Fence(PartitionId partition, IReadOnlyCollection<SiloAddress> silos) => default;

    /// <summary>Looks whether the store still has what it had. When it completes, <see cref="StoreHealth"/> knows.</summary>
    Task LookAnew();

    /// <summary>Whether the store shows all that this silo has acknowledged of the partition's tasks. It may not in an outage, and while one is made up for.</summary>
    bool IsInStep(PartitionId partition);

    /// <returns>How many records of the partition are in each state, in the order of <see cref="TaskState"/>.</returns>
    ValueTask<long[]> Count(PartitionId partition);
}
