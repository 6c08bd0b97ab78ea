using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;
using Orleans.Runtime;

namespace MorningAI.Tests.Unit.Storage;

/// <summary>The storage seam in memory, by the rules of the store's script.</summary>
internal sealed class FakeRecords : IDurableRecords
{
    private readonly Dictionary<RecordKey, (RecordWrite Write, byte[] Bytes)> _stored = [];

    /// <summary>Thrown by every call while set.</summary>
    public Exception? Down { get; set; }

    /// <summary>What is read comes from a journal, and may not be the newest.</summary>
    public bool MayBeOld { get; set; }

    /// <summary>Who acknowledges.</summary>
    public Durability Durability { get; set; }

    /// <summary>Reads done.</summary>
    public int Reads { get; private set; }

    public List<RecordWrite> Writes { get; } = [];

    public List<RecordWrite> Behind { get; } = [];

    /// <summary>Whom the store was told to take nothing more of.</summary>
    public List<SiloAddress> Fenced { get; } = [];

    public ValueTask Fence(PartitionId partition, IReadOnlyCollection<SiloAddress> silos)
    {
        if (Down is not null)
            return ValueTask.FromException(Down);
        Fenced.AddRange(silos);
        return ValueTask.CompletedTask;
    }

    public Dictionary<TaskState, (Guid Task, long Score)[]> Indexed { get; } = [];

    public ValueTask<StoredRecord?> Read(RecordKey key)
    {
        Reads++;
        if (Down is not null)
            return ValueTask.FromException<StoredRecord?>(Down);
        return ValueTask.FromResult(_stored.TryGetValue(key, out var stored) ? StoredRecord.Parse(stored.Bytes) with { MayBeOld = MayBeOld } : (StoredRecord?)null);
    }

    /// <summary>Every silo that is known of.</summary>
    public bool DoAllAnswer { get; set; }

    public ValueTask<StoredRecord?> ReadFromAll(RecordKey key) =>
        ValueTask.FromResult(DoAllAnswer && _stored.TryGetValue(key, out var stored) ? StoredRecord.Parse(stored.Bytes) : (StoredRecord?)null);

    public byte[]? FindHere(RecordKey key) => _stored.TryGetValue(key, out var stored) ? stored.Bytes : null;

    public List<(RecordKey Key, string Reason)> Quarantined { get; } = [];

    public ValueTask Quarantine(RecordKey key, ReadOnlyMemory<byte> bytes, string reason)
    {
        Quarantined.Add((key, reason));
        _stored.Remove(key);
        return ValueTask.CompletedTask;
    }

    public ValueTask<WriteOutcome> Write(RecordWrite write)
    {
        if (Down is not null)
            return ValueTask.FromException<WriteOutcome>(Down);
        return ValueTask.FromResult(Put(write));
    }

    /// <summary>As if it had never been stored.</summary>
    public void Forget(RecordKey key) => _stored.Remove(key);

    public WriteOutcome Put(RecordWrite write)
    {
        Writes.Add(write);
        if (_stored.TryGetValue(write.Key, out var before))
        {
            if (write.CreateOnly)
                return new WriteOutcome(WriteResult.Exists, before.Bytes);
            if (before.Write.Writer == write.Writer && before.Write.Version >= write.Version)
                return new WriteOutcome(WriteResult.Repeated, null);
            if (before.Write.Writer != write.Writer && before.Write.Version > write.Base)
                return new WriteOutcome(WriteResult.Conflict, null);
        }

        _stored[write.Key] = (write, new RecordHeader(write.Version, write.Index?.State, write.Writer).Prepend(write.Body));
        return new WriteOutcome(WriteResult.Stored, null) { Durability = Durability };
    }

    public void WriteBehind(RecordWrite write) => Behind.Add(write);

    public ValueTask<IReadOnlyList<(Guid Task, long Score)>> List(PartitionId partition, TaskState state, long skip, int take)
    {
        if (Down is not null)
            return ValueTask.FromException<IReadOnlyList<(Guid Task, long Score)>>(Down);
        IReadOnlyList<(Guid Task, long Score)> page = [.. Indexed.GetValueOrDefault(state, []).Skip((int)skip).Take(take)];
        Listed?.Invoke(state);
        return ValueTask.FromResult(page);
    }

    /// <summary>Called after each list of a state.</summary>
    public Action<TaskState>? Listed { get; set; }

    public ValueTask<IReadOnlyList<IndexPlace>> Page(PartitionId partition, TaskState state, IndexPlace? after, bool newestFirst, int take) => throw new NotSupportedException();

    /// <summary>What was asked to be removed, and how many each call finds.</summary>
    public List<(TaskState State, long Before)> Purged { get; } = [];

    public Queue<int> ToPurge { get; } = [];

    public ValueTask<int> Purge(PartitionId partition, TaskState state, long before, int most)
    {
        if (Down is not null)
            return ValueTask.FromException<int>(Down);
        Purged.Add((state, before));
        return ValueTask.FromResult(ToPurge.TryDequeue(out var found) ? found : 0);
    }

    /// <summary>Happens when somebody looks.</summary>
    public Action? Looked { get; set; }

    public Task LookAnew()
    {
        Looked?.Invoke();
        return Task.CompletedTask;
    }

    public bool IsInStep(PartitionId partition) => !MayBeOld;

    public ValueTask<long[]> Count(PartitionId partition) => Down is not null ? ValueTask.FromException<long[]>(Down) : ValueTask.FromResult(new long[8]);
}
