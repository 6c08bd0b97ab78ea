using System.Collections.Concurrent;
using MorningAI.Queues;
using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Tests.Cluster;

/// <summary>What the storage is to do wrong, for all silos of a test.</summary>
public sealed class StorageFaults
{
    /// <summary>Each takes one call that it wants and says how it fails; null lets the call pass.</summary>
    public ConcurrentQueue<Func<RecordWrite, StorageFault?>> Writes { get; } = new();

    /// <summary>Every read fails.</summary>
    public bool Unreadable { get; set; }

    /// <summary>Every write fails without effect.</summary>
    public bool Unwritable { get; set; }

    /// <summary>The journal's disk takes nothing.</summary>
    public bool DiskFull { get; set; }

    /// <summary>Starts of attempts are not written: the silo dies before it gets to it.</summary>
    public bool LoseWriteBehind { get; set; }

    /// <summary>What is done with the answers to writes that come together before they are given; null for nothing.</summary>
    internal Func<WriteAnswer[], Task<WriteAnswer[]>>? Answers { get; set; }

    public void Clear()
    {
        Answers = null;
        Writes.Clear();
        Unreadable = Unwritable = LoseWriteBehind = DiskFull = false;
    }

    internal StorageFault? Next(RecordWrite write)
    {
        if (Unwritable)
            return StorageFault.Refused;
        if (!Writes.TryPeek(out var fault) || fault(write) is not { } found)
            return null;
        Writes.TryDequeue(out _);
        return found;
    }
}

public enum StorageFault
{
    /// <summary>Fails, and nothing was written.</summary>
    Refused,

    /// <summary>Seems to fail, and was written.</summary>
    WrittenThenTimedOut,
}

/// <summary>The real storage, with <see cref="StorageFaults"/> before it.</summary>
internal sealed class FaultyRecords(IDurableRecords inner, StorageFaults faults) : IDurableRecords
{
    public ValueTask<StoredRecord?> Read(RecordKey key) => faults.Unreadable ? throw Fails() : inner.Read(key);

    public async ValueTask<WriteOutcome> Write(RecordWrite write)
    {
        switch (faults.Next(write))
        {
            case StorageFault.Refused:
                throw Fails();
            case StorageFault.WrittenThenTimedOut:
                await inner.Write(write);
                throw Fails();
            default:
                return await inner.Write(write);
        }
    }

    /// <summary>Together, as the real storage does it; those that a fault is meant for by themselves.</summary>
    public async Task<WriteAnswer[]> WriteAll(IReadOnlyList<RecordWrite> writes)
    {
        var answers = new WriteAnswer[writes.Count];
        var sound = new List<int>();
        for (var i = 0; i < answers.Length; i++)
        {
            var fault = faults.Next(writes[i]);
            if (fault is null)
                sound.Add(i);
            else
                answers[i] = new WriteAnswer(default, Fails());
            if (fault == StorageFault.WrittenThenTimedOut)
                await inner.Write(writes[i]);
        }

        var together = await inner.WriteAll([.. sound.Select(i => writes[i])]);
        for (var i = 0; i < together.Length; i++)
            answers[sound[i]] = together[i];
        return faults.Answers is { } change ? await change(answers) : answers;
    }

    public void WriteBehind(RecordWrite write)
    {
        if (!faults.LoseWriteBehind)
            inner.WriteBehind(write);
    }

    public ValueTask Quarantine(RecordKey key, ReadOnlyMemory<byte> bytes, string reason) => inner.Quarantine(key, bytes, reason);

    public ValueTask<IReadOnlyList<(Guid Task, long Score)>> List(PartitionId partition, TaskState state, long skip, int take) =>
        faults.Unreadable ? throw Fails() : inner.List(partition, state, skip, take);

    public ValueTask<IReadOnlyList<IndexPlace>> Page(PartitionId partition, TaskState state, IndexPlace? after, bool newestFirst, int take) =>
        faults.Unreadable ? throw Fails() : inner.Page(partition, state, after, newestFirst, take);

    public ValueTask<int> Purge(PartitionId partition, TaskState state, long before, int most) =>
        faults.Unreadable ? throw Fails() : inner.Purge(partition, state, before, most);

    public Task LookAnew() => inner.LookAnew();

    public bool IsInStep(PartitionId partition) => inner.IsInStep(partition);

    public byte[]? FindHere(RecordKey key) => inner.FindHere(key);

    public ValueTask<long[]> Count(PartitionId partition) => faults.Unreadable ? throw Fails() : inner.Count(partition);

    private static StoreUnavailableException Fails() => new("The test wants it so.");
}
